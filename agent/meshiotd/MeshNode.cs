using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Agent.Configuration;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Web;
using MeshIoT.Web.Http;

namespace MeshIoT.Agent;

/// <summary>The program of a mesh-only build: the node and its local socket.</summary>
internal static class MeshNode
{
    /// <summary>What the local socket of a gateway has beyond that; here each answers that it is not in this build.</summary>
    static readonly string[] Elsewhere = ["/localapi/v0/sensors", "/localapi/v0/gateways", "/localapi/v0/drivers", "/localapi/v0/outputs", "/localapi/v0/alerts"];

    /// <summary>Runs until told to stop.</summary>
    public static async Task RunAsync(Settings settings, CancellationToken stop)
    {
        TunMode tun = NodeSetup.Tun(settings);
        string socket = settings.Text("socket") is { Length: > 0 } given ? given : SocketPaths.Agent();

        // The socket first: a second agent on it is found before anything else is touched.
        using UnixListener local = UnixListener.Open(socket);
        await using TailnetNode node = await TailnetNode.StartAsync(NodeSetup.Options(settings, tun), stop);
        using StatusLog log = new(node);
        using HeapTrim trim = new(TimeProvider.System);
        node.StatusChanged += trim.Look;
        trim.Look();
        AgentApi agent = new(node, Program.Version, NodeSetup.NameOf(tun));
        AddRefusals(agent);
        using HttpServer server = new(agent.HandleAsync, NodeSetup.LocalConnections, TimeProvider.System);
        Task serving = server.RunAsync(local.AcceptAsync, stop);
        Log.Info($"meshiotd {Program.Version} {Profile.Name} ready, {NodeSetup.NameOf(tun)} networking, socket {socket}");
        await serving;
    }

    /// <summary>Lets the local socket say what this build does not have.</summary>
    public static void AddRefusals(AgentApi agent)
    {
        foreach (string path in Elsewhere)
        {
            foreach (string method in (ReadOnlySpan<string>)["GET", "POST"])
            {
                agent.Add(method, path, static (request, _) => new(Refuse(request)));
                agent.Add(method, path + "/", static (request, _) => new(Refuse(request)));
            }
        }
    }

    static HttpResponse Refuse(HttpRequest request) =>
        HttpResponse.Problem(Faults.NotInThisBuild.With(request.Path.Split('/') is [_, _, _, string part, ..] ? part : "this", "asked for on the local socket"));
}
