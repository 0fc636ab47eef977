using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Provisioning;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>
/// The admin REST API on the Unix socket, whose file mode is its access control: keys and nodes, as <c>meshiot key</c> and <c>meshiot node</c> use them.
/// Errors are problem+json (RFC 9457) with the fault's code, message and next step.
/// </summary>
internal sealed class AdminApi(
    StateWriter writer, ServerIdentity identity, NodeView view, CoordinatorLimits limits, RandomSource random, TimeProvider time, CoordinatorLog log)
{
    const string Keys = "/api/v1/keys", Nodes = "/api/v1/nodes", Server = "/api/v1/server", Health = "/healthz";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            int status = e.Report.Fault == Faults.StateWriteFailed ? StatusCodes.Status503ServiceUnavailable : ProblemDto.StatusFor(e.Report.Fault.ExitCode);
            await WriteProblemAsync(context, e.Report, status).ConfigureAwait(false);
        }
    }

    Task RouteAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        return (context.Request.Method, path) switch
        {
            ("POST", Keys) => CreateKeyAsync(context),
            ("GET", Keys) => ListKeysAsync(context),
            ("DELETE", _) when path.StartsWith(Keys + "/", StringComparison.Ordinal) => RevokeKeyAsync(context, path[(Keys.Length + 1)..]),
            ("GET", Nodes) => ListNodesAsync(context),
            ("DELETE", _) when path.StartsWith(Nodes + "/", StringComparison.Ordinal) => RemoveNodeAsync(context, path[(Nodes.Length + 1)..]),
            ("GET", Server) => HttpBodies.WriteJsonAsync(context, 200, identity.ToDto(), AdminJson.Default.ServerDto),
            ("GET", Health) => HttpBodies.WriteTextAsync(context, 200, "ok"),
            (_, Keys or Nodes or Server or Health) => WriteProblemAsync(context, Faults.AdminRequestInvalid.With("no such method here"), StatusCodes.Status405MethodNotAllowed),
            _ => WriteProblemAsync(context, Faults.AdminNotFound.With("path", "node"), StatusCodes.Status404NotFound),
        };
    }

    async Task CreateKeyAsync(HttpContext context)
    {
        // A browser page cannot send this type to another origin without asking first.
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            await WriteProblemAsync(context, Faults.AdminRequestInvalid.With("the body must be application/json"), StatusCodes.Status415UnsupportedMediaType).ConfigureAwait(false);
            return;
        }

        CreateKeyDto? asked = await HttpBodies.ReadJsonAsync(context, AdminJson.Default.CreateKeyDto, limits, WriteBadBodyAsync).ConfigureAwait(false);
        if (asked is null)
        {
            return;
        }

        AuthKeyRequest request = Check(asked);
        Claim claim = Claim.Generate(random);
        DateTimeOffset now = time.GetUtcNow();
        AuthKey key = await writer.ChangeAsync(edit => request.Create(edit, claim, now)).ConfigureAwait(false);
        log.AuthKeyCreated(key.Id, (key.Reusable ? "reusable" : "one-off") + (key.Ephemeral ? ", ephemeral" : ""), key.Expires);
        context.Response.Headers.CacheControl = "no-store";
        KeyDto answer = ToDto(key) with { Key = claim.ExportText(), Claim = identity.CodeFor(claim) };
        await HttpBodies.WriteJsonAsync(context, StatusCodes.Status201Created, answer, AdminJson.Default.KeyDto).ConfigureAwait(false);
    }

    static AuthKeyRequest Check(CreateKeyDto asked)
    {
        long seconds = asked.ExpirySeconds is null or 0 ? (long)AuthKeyRequest.DefaultLifetime.TotalSeconds : asked.ExpirySeconds.Value;
        string?[] tags = [.. (asked.Tags ?? []).Distinct()];
        string description = asked.Description?.Trim() ?? "";
        string? wrong =
            seconds < 1 || seconds > AuthKeyRequest.MaxLifetime.TotalSeconds ? $"expirySeconds is not between 1 and {AuthKeyRequest.MaxLifetime.TotalSeconds:0}"
            : tags.Length > AuthKeyRequest.MaxTags ? $"there are more than {AuthKeyRequest.MaxTags} tags"
            : !tags.All(TagName.IsValid) ? "a tag is not of the form tag:name, with a letter first and then letters, digits and dashes"
            : description.Length > AuthKeyRequest.MaxDescriptionLength ? $"the description is longer than {AuthKeyRequest.MaxDescriptionLength} characters"
            : description.Any(char.IsControl) ? "the description has control characters"
            : null;
        return wrong is null
            ? new AuthKeyRequest(asked.Reusable, asked.Ephemeral, TimeSpan.FromSeconds(seconds), [.. tags!], description)
            : throw Faults.AdminRequestInvalid.With(wrong).ToException();
    }

    Task ListKeysAsync(HttpContext context) =>
        HttpBodies.WriteJsonAsync(context, 200, new KeyListDto([.. writer.Current.AuthKeys.Values.Select(ToDto)]), AdminJson.Default.KeyListDto);

    Task ListNodesAsync(HttpContext context) =>
        HttpBodies.WriteJsonAsync(context, 200, new NodeListDto([.. writer.Current.Nodes.Values.Select(ToDto)]), AdminJson.Default.NodeListDto);

    async Task RevokeKeyAsync(HttpContext context, string id)
    {
        AuthKey revoked = await writer.ChangeAsync(edit =>
        {
            AuthKey key = TryParseId(id, "k", out long number) && edit.Current.AuthKeys.TryGetValue(number, out AuthKey? found)
                ? found : throw Faults.AdminNotFound.With("key", "key").ToException();
            edit.Remove(key);
            return key;
        }).ConfigureAwait(false);
        log.AuthKeyRevoked(revoked.Id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    async Task RemoveNodeAsync(HttpContext context, string id)
    {
        NodeRecord removed = await writer.ChangeAsync(edit =>
        {
            NodeRecord node = TryParseId(id, "n", out long number) && edit.Current.Nodes.TryGetValue(number, out NodeRecord? found)
                ? found : throw Faults.AdminNotFound.With("node", "node").ToException();
            edit.Remove(node);
            return node;
        }).ConfigureAwait(false);
        log.NodeRemoved(removed.Id, removed.Label, "by an administrator");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    static bool TryParseId(string text, string prefix, out long id)
    {
        id = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal) && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }

    static KeyDto ToDto(AuthKey key) => new()
    {
        Id = "k" + key.Id.ToString(CultureInfo.InvariantCulture),
        Reusable = key.Reusable,
        Ephemeral = key.Ephemeral,
        Tags = key.Tags,
        Description = key.Description.Length == 0 ? null : key.Description,
        Created = key.Created,
        Expires = key.Expires,
        Uses = key.Uses,
        Used = key.LastUsed,
    };

    NodeDto ToDto(NodeRecord node) => new()
    {
        Id = node.StableId,
        Name = view.NameOf(node),
        HostName = node.Hostinfo.Hostname,
        Addresses = [AddressPlan.IPv4(node.AddressIndex).ToString(), AddressPlan.IPv6(node.AddressIndex).ToString()],
        Tags = node.Tags,
        Endpoints = node.Endpoints,
        NodeKey = node.NodeKey.ToString(),
        MachineKey = node.Machine.ToString(),
        Online = node.Online,
        Ephemeral = node.Ephemeral,
        Os = node.Hostinfo.OS,
        Version = node.Version,
        Created = node.Created,
        LastSeen = node.Online ? null : node.LastSeen,
        Expires = node.KeyExpiry,
    };

    static Task WriteBadBodyAsync(HttpContext context, int status, string text) => WriteProblemAsync(context, Faults.AdminRequestInvalid.With(text), status);

    static Task WriteProblemAsync(HttpContext context, FaultReport report, int status) =>
        HttpBodies.WriteJsonAsync(context, status, ProblemDto.From(report, status), LocalApiJson.Default.ProblemDto, "application/problem+json");
}
