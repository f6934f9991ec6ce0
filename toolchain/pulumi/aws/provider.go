// Package aws describes how the Terraform provider for AWS is presented as the Pulumi package "aws". Names are those of
// the published SDK, which tests/unit/test_aws_schema.py compares with the schema generated from here.
package aws

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-provider-aws/xpprovider"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// Version is what the Python SDK asks for; the SDK and the Terraform provider beneath it are pinned together.
const Version = "7.51.1"

// maxNameLength and the separator shape the names that are made up for resources without one, as in the published provider.
const maxNameLength = 255

// Provider returns the description of the package.
func Provider(ctx context.Context) (tfbridge.ProviderInfo, error) {
	framework, sdk, err := xpprovider.GetProvider(ctx)
	if err != nil {
		return tfbridge.ProviderInfo{}, fmt.Errorf("create the Terraform provider: %w", err)
	}
	info := tfbridge.ProviderInfo{
		P:            pf.MuxShimWithPF(ctx, shimv2.NewProvider(sdk), framework),
		Name:         "aws",
		Version:      Version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Config:       config(),
		Resources:    resources(),
		DataSources:  functions(),
		// As in the published provider: previews show what an update does in detail, state keeps what Terraform has.
		EnableAccurateBridgePreview: true,
		EnableRawStateDelta:         true,
	}
	info.SetAutonaming(maxNameLength, "-")
	computeTags(info)
	info.IgnoreMappings = unmapped(info)
	return info, nil
}

// config gives the provider's own settings the defaults and secrets of the published provider.
func config() map[string]*tfbridge.SchemaInfo {
	return map[string]*tfbridge.SchemaInfo{
		"region":                      {Default: &tfbridge.DefaultInfo{EnvVars: []string{"AWS_REGION", "AWS_DEFAULT_REGION"}}},
		"skip_credentials_validation": {Default: &tfbridge.DefaultInfo{Value: false}},
		"skip_region_validation":      {Default: &tfbridge.DefaultInfo{Value: true}},
		"access_key":                  {Secret: tfbridge.True()},
		"secret_key":                  {Secret: tfbridge.True()},
		"token":                       {Secret: tfbridge.True()},
	}
}

// computeTags takes tags_all out of the inputs: it is the provider's sum of a resource's tags and the default ones.
func computeTags(info tfbridge.ProviderInfo) {
	const tags = "tags_all"
	for name, resource := range info.Resources {
		if _, found := info.P.ResourcesMap().Get(name).Schema().GetOk(tags); !found {
			continue
		}
		if resource.Fields == nil {
			resource.Fields = fields{}
		}
		resource.Fields[tags] = &tfbridge.SchemaInfo{MarkAsComputedOnly: tfbridge.True()}
	}
}

// unmapped lists the types of the kept services that the package leaves out.
func unmapped(info tfbridge.ProviderInfo) []string {
	var names []string
	info.P.ResourcesMap().Range(func(name string, _ shim.Resource) bool {
		if info.Resources[name] == nil {
			names = append(names, name)
		}
		return true
	})
	info.P.DataSourcesMap().Range(func(name string, _ shim.Resource) bool {
		if info.DataSources[name] == nil {
			names = append(names, name)
		}
		return true
	})
	return names
}
