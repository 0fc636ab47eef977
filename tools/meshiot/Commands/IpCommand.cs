using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot ip: tailnet addresses of this node or a peer, one a line.</summary>
internal static class IpCommand
{
    static readonly Argument<string?> Node = new("node") { Description = "A node's name (default: this node).", Arity = ArgumentArity.ZeroOrOne };

    static readonly Option<bool> V4 = new("-4") { Description = "Only the IPv4 address." };

    static readonly Option<bool> V6 = new("-6") { Description = "Only the IPv6 address." };

    public static Command Build() => new Command("ip", "Print tailnet addresses of this node or of a peer.")
    {
        Node, V4, V6, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        StatusDto status = await agent.GetAsync("localapi/v0/status", LocalApiJson.Default.StatusDto, ct);
        NodeDto? node = status.Self;
        if (parsed.GetValue(Node) is { } name)
        {
            node = status.Peers.Append(status.Self).FirstOrDefault(n => n is not null && Matches(n, name))
                ?? throw Faults.NoSuchNode.With(name).ToException();
        }

        bool only4 = parsed.GetValue(V4), only6 = parsed.GetValue(V6);
        List<string> addresses = [.. (node ?? throw Faults.NoSuchNode.With("self").ToException()).Addresses
            .Where(a => a.Contains(':', StringComparison.Ordinal) ? !only4 : !only6)];
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize([.. addresses], CliJson.Default.StringArray));
        }
        else
        {
            addresses.ForEach(Console.Out.WriteLine);
        }

        return addresses.Count > 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    static bool Matches(NodeDto node, string name) =>
        string.Equals(node.HostName, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(node.Name, name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)
        || node.Addresses.Contains(name);
}
