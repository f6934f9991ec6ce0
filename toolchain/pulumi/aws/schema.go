package aws

import (
	"errors"
	"fmt"
	"io"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/x/muxer"
	"github.com/pulumi/pulumi-terraform-bridge/v3/unstable/metadata"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/spf13/afero"
)

// muxed is what the bridge makes of several Terraform providers.
type muxed interface {
	ResolveDispatch(*tfbridge.ProviderInfo) (muxer.DispatchTable, error)
}

// Schema returns the package's schema as JSON, and notes in info which Terraform provider serves which type. Published
// providers do both when they are built; for this few types it takes a fifth of a second, and needs no build step.
func Schema(info *tfbridge.ProviderInfo) ([]byte, error) {
	shim, ok := info.P.(muxed)
	if !ok {
		return nil, errors.New("the provider is not muxed")
	}
	dispatch, err := shim.ResolveDispatch(info)
	if err != nil {
		return nil, fmt.Errorf("resolve the providers of the types: %w", err)
	}
	if err := metadata.Set(info.GetMetadata(), "mux", dispatch); err != nil {
		return nil, fmt.Errorf("note the providers of the types: %w", err)
	}
	files := afero.NewMemMapFs()
	generator, err := tfgen.NewGenerator(tfgen.GeneratorOptions{
		Package:      info.Name,
		Version:      info.Version,
		Language:     tfgen.Schema,
		ProviderInfo: *info,
		Root:         files,
		Sink:         diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never}),
		SkipDocs:     true,
		SkipExamples: true,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the schema: %w", err)
	}
	if _, err := generator.Generate(); err != nil {
		return nil, fmt.Errorf("generate the schema: %w", err)
	}
	return afero.ReadFile(files, "schema.json")
}
