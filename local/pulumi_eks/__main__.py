"""The plugin's executable: serves the components to the Pulumi engine."""

import sys

from pulumi.provider.server import main

from local.parent import end_with_parent
from local.pulumi_eks import references
from local.pulumi_eks.provider import EksProvider

if __name__ == "__main__":
    end_with_parent()
    references.register()
    main(EksProvider(), sys.argv[1:])
