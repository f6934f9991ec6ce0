// Command argocd holds the Argo CD programs that the local stack runs; the name that it is
// called by chooses the program. Argo CD starts its own helpers through ARGOCD_BINARY_NAME, which
// therefore comes first.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	applicationcontroller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	applicationset "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	gitaskpass "github.com/argoproj/argo-cd/v3/cmd/argocd-git-ask-pass/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	server "github.com/argoproj/argo-cd/v3/cmd/argocd-server/commands"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/util/log"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
)

var programs = map[string]func() *cobra.Command{
	common.CommandApplicationController:    applicationcontroller.NewCommand,
	common.CommandApplicationSetController: applicationset.NewCommand,
	common.CommandGitAskPass:               gitaskpass.NewCommand,
	common.CommandRepoServer:               reposerver.NewCommand,
	common.CommandServer:                   server.NewCommand,
}

func main() {
	klog.SetLogger(log.NewLogrusLogger(log.NewWithCurrentConfig()))

	name := os.Getenv("ARGOCD_BINARY_NAME")
	if name == "" {
		name = filepath.Base(os.Args[0])
	}
	program, found := programs[name]
	if !found {
		fmt.Fprintf(os.Stderr, "argocd: %q is none of the programs in this file\n", name)
		os.Exit(2)
	}
	if err := program().Execute(); err != nil {
		os.Exit(1)
	}
}
