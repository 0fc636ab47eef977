using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Web.Http;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web.Resources;

/// <summary>Outputs: <c>/api/v1/outputs</c>, and setting one.</summary>
internal sealed class OutputResource(GatewayContext context, WebAccess access)
{
    static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public IEnumerable<WebRoute> Routes =>
    [
        new("GET", "/api/v1/outputs", "listOutputs", "All outputs as they are set.", call => new(List())) { Response = GatewayJson.Default.OutputsDto },
        new("PUT", "/api/v1/outputs/{id}", "setOutput", "Sets an output, for a time or until it is set again.", SetAsync)
        {
            Request = GatewayJson.Default.SetOutputDto,
            Response = GatewayJson.Default.OutputsDto,
            Description = $"From the tailnet for those to whom the policy grants {WebAccess.SwitchCapability} on this gateway; from outside with the token that the gateway is configured with.",
            Problems = [400, 401, 403, 404, 415],
        },
    ];

    HttpResponse List() => HttpResponse.Json(
        new OutputsDto([.. (context.Outputs?.Current ?? []).OrderBy(static state => state.Output.Id, StringComparer.Ordinal).Select(OutputMapping.ToDto)]), GatewayJson.Default.OutputsDto);

    ValueTask<HttpResponse> SetAsync(WebCall call)
    {
        if (access.Refuse(call.Request) is { } refusal)
        {
            return new(refusal);
        }

        SetOutputDto? body = null;
        try
        {
            body = JsonSerializer.Deserialize(call.Request.Body.Span, GatewayJson.Default.SetOutputDto);
        }
        catch (JsonException)
        {
            // Said below.
        }

        if (body?.Value is not { } value || body.ForSeconds is { } s && !(s > 0 && s <= Longest.TotalSeconds))
        {
            return new(HttpResponse.Problem(Faults.BodyNotUnderstood.With("value is a text (\"on\", \"off\", \"40\"), forSeconds up to 2592000")));
        }

        FaultReport? report = context.Outputs is not { } outputs ? Faults.NoSuchOutput.With(call["id"].Length <= 80 ? call["id"] : call["id"][..80])
            : outputs.TrySet(call["id"], value, Who(call.Request.Caller), body.ForSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        return new(report is null ? List() : HttpResponse.Problem(report));
    }

    string Who(HttpCaller caller)
    {
        string? name = caller.Door == HttpDoor.Tailnet && caller.Address is { } address
            ? context.Node?.Invoke().Peers.FirstOrDefault(p => p.Addresses.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))?.HostName : null;
        return caller.Door == HttpDoor.Local ? "cli" : "rest: " + (name ?? caller.Address?.ToString() ?? "unknown");
    }
}
