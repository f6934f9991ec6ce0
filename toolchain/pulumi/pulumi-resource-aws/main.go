// pulumi-resource-aws is the Pulumi plugin that serves the package "aws".
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"

	"gitops-platform/toolchain/pulumi/aws"
)

func main() {
	// Pulumi shows what a plugin prints; the Terraform provider prints its progress unless told otherwise.
	log.SetOutput(io.Discard)
	if err := serve(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(ctx context.Context) error {
	info, err := aws.Provider(ctx)
	if err != nil {
		return err
	}
	schema, err := aws.Schema(&info)
	if err != nil {
		return err
	}
	pf.MainWithMuxer(ctx, info.Name, info, schema)
	return nil
}
