"""IAM: changes of OIDC providers, of which ministack knows only the beginning and the end."""

from collections.abc import Callable
from typing import Any

from ministack.services import iam

from local.aws.adapter import Forward, Request, Response, restores

Change = Callable[[dict[str, Any], dict[str, list[str]]], None]
"""Changes the record of a provider by the parameters of the call."""


def _operation(name: str) -> Callable[[Change], Change]:
    """Register a change as this operation of IAM's API."""

    def register(change: Change) -> Change:
        @restores("iam", name)
        async def entry(request: Request, forward: Forward) -> Response:
            parameters = {key: [value] for key, value in request.form().items()}
            arn = parameters.get("OpenIDConnectProviderArn", [""])[0]
            provider = iam._oidc_providers.get(arn)
            if provider is None:
                missing: Response = iam._error(
                    404, "NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}"
                )
                return missing
            change(provider, parameters)
            response: Response = iam._xml(200, f"{name}Response", "")
            return response

        return change

    return register


@_operation("TagOpenIDConnectProvider")
def tag(provider: dict[str, Any], parameters: dict[str, list[str]]) -> None:
    """TagOpenIDConnectProvider adds tags, or gives them other values."""
    tags = {tag["Key"]: tag for tag in [*provider["Tags"], *iam._extract_tags(parameters)]}
    provider["Tags"] = list(tags.values())


@_operation("UntagOpenIDConnectProvider")
def untag(provider: dict[str, Any], parameters: dict[str, list[str]]) -> None:
    """UntagOpenIDConnectProvider removes tags."""
    removed = iam._extract_tag_keys(parameters)
    provider["Tags"] = [tag for tag in provider["Tags"] if tag["Key"] not in removed]


@_operation("AddClientIDToOpenIDConnectProvider")
def add_client(provider: dict[str, Any], parameters: dict[str, list[str]]) -> None:
    """AddClientIDToOpenIDConnectProvider does nothing if the client is there."""
    clients = [*provider["ClientIDList"], *parameters["ClientID"]]
    provider["ClientIDList"] = list(dict.fromkeys(clients))


@_operation("RemoveClientIDFromOpenIDConnectProvider")
def remove_client(provider: dict[str, Any], parameters: dict[str, list[str]]) -> None:
    """RemoveClientIDFromOpenIDConnectProvider does nothing if the client is not there."""
    provider["ClientIDList"] = [c for c in provider["ClientIDList"] if c not in parameters["ClientID"]]


@_operation("UpdateOpenIDConnectProviderThumbprint")
def update_thumbprints(provider: dict[str, Any], parameters: dict[str, list[str]]) -> None:
    """UpdateOpenIDConnectProviderThumbprint replaces the whole list."""
    prefix = "ThumbprintList.member."
    provider["ThumbprintList"] = [value[0] for key, value in parameters.items() if key.startswith(prefix)]
