using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Agent.Configuration;
using MeshIoT.Agent.Services;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Sensors.Programs;
using MeshIoT.Sensors.Wiring;
using MeshIoT.Web;
using MeshIoT.Web.Http;

namespace MeshIoT.Agent;

/// <summary>Puts node, sensors and interfaces together and keeps them running until told to stop.</summary>
internal static class Gateway
{
    const int TailnetConnections = 64;
    const int WebConnections = 64;

    public static async Task RunAsync(string? configPath, Settings settings, GatewaySections sections, CancellationToken stop)
    {
        TunMode tun = NodeSetup.Tun(settings);
        string socket = settings.Text("socket") is { Length: > 0 } given ? given : SocketPaths.Agent();

        // The socket first: a second agent on it is found before anything else is touched.
        using UnixListener local = UnixListener.Open(socket);
        byte[] token = settings.ReadWebToken();
        using Socket? web = settings.WebListen is { } at ? OpenWeb(at) : null;
        AlertService? alerts = null;
        MqttService? mqtt = null;
        FaultBoard<string> health = new(() =>
        {
            alerts?.Poke();
            mqtt?.Poke();
        });
        using KernelWiring wiring = new(settings.GpioDriver, Log.Info);
        using SensorService sensors = new(wiring, health, TimeProvider.System);
        wiring.Values = sensors.ValueOf;
        SocketDevice.DefaultPath = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(socket))!, "sensors.sock");
        sensors.Use(settings, sections);
        using OutputService outputs = new(wiring, health, settings.StateDirectory, TimeProvider.System);
        outputs.Use(sections.Outputs);

        await using TailnetNode node = await TailnetNode.StartAsync(NodeSetup.Options(settings, tun), stop);
        using StatusLog log = new(node);
        using HeapTrim trim = new(TimeProvider.System);
        node.StatusChanged += trim.Look;
        trim.Look();
        using HistoryService history = new(sensors.Sampler, health, settings.StateDirectory, TimeProvider.System);
        history.Use(sections.History);
        using GatewayApi gateway = new(new GatewayContext
        {
            Name = () => HostName(node.Status),
            Sampler = sensors.Sampler,
            Time = TimeProvider.System,
            Version = Program.Version,
            Node = () => node.Status,
            Path = node.PathAsync,
            Traffic = () => node.Traffic,
            Outputs = outputs.Outputs,
            MaySwitch = address => settings.WebSwitchForAll || node.MayUse(address, GatewayApi.SwitchCapability),
            Token = token,
            Faults = () => health.Current,
            History = () => history.Store,
            Recent = history.Recent,
        });
        using SensorFanOut fanOut = new(node, gateway);
        await using AlertService told = alerts = new(node, sensors.Sampler, health, settings.StateDirectory, wiring.Root, () => HostName(node.Status), TimeProvider.System);
        await alerts.UseAsync(sections.Alerts);
        AgentApi agent = new(node, Program.Version, NodeSetup.NameOf(tun), () => health.Current);
        fanOut.AddTo(agent);
        alerts.AddTo(agent);
        using DisplayService display = new(node, wiring, health, TimeProvider.System);
        display.Use(sections.Display);
        SensorTools.AddTo(agent, sensors);
        outputs.AddTo(agent);
        await using MqttService publishing = mqtt = new(
            node, tun == TunMode.Userspace, sensors.Sampler, outputs.Outputs, health, settings.StateDirectory, () => HostName(node.Status), TimeProvider.System);
        await mqtt.UseAsync(sections.Mqtt, sections.Bridges, sections.Spool);
        alerts.Told += message => mqtt.Alert(message.ToJson());
        using ConfigWatch watch = new(
            configPath,
            changed =>
            {
                sensors.Use(settings, changed);
                outputs.Use(changed.Outputs);
                alerts.UseAsync(changed.Alerts).GetAwaiter().GetResult();
                display.Use(changed.Display);
                mqtt.UseAsync(changed.Mqtt, changed.Bridges, changed.Spool).GetAwaiter().GetResult();
                history.Use(changed.History);
            },
            health);
        await using TailnetListener tailnet = node.Listen(SensorFanOut.GatewayPort);
        using HttpServer localServer = new(agent.HandleAsync, NodeSetup.LocalConnections, TimeProvider.System);
        using HttpServer tailnetServer = new(gateway.HandleAsync, TailnetConnections, TimeProvider.System);

        List<Task> running =
        [
            localServer.RunAsync(local.AcceptAsync, stop),
            tailnetServer.RunAsync(ct => AcceptAsync(tailnet, ct), stop),
        ];
        using HttpServer webServer = new(gateway.HandleAsync, WebConnections, TimeProvider.System);
        if (web is not null)
        {
            running.Add(webServer.RunAsync(ct => AcceptAsync(web, ct), stop));
            Log.Info($"page at http://{settings.WebListen}/");
        }

        Log.Info($"meshiotd {Program.Version} ready, {NodeSetup.NameOf(tun)} networking, socket {socket}");
        await Task.WhenAll(running);
    }

    static string HostName(NodeStatus status)
    {
        int dot = status.Self.Name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? status.Self.Name[..dot] : status.Self.HostName;
    }

    static async ValueTask<HttpIncoming?> AcceptAsync(TailnetListener tailnet, CancellationToken ct)
    {
        TailnetConnection connection = await tailnet.AcceptAsync(ct);
        return new HttpIncoming(connection.Stream, new HttpCaller(HttpDoor.Tailnet, connection.Remote.Address));
    }

    static async ValueTask<HttpIncoming?> AcceptAsync(Socket web, CancellationToken ct)
    {
        Socket connection = await web.AcceptAsync(ct);
        return new HttpIncoming(new NetworkStream(connection, ownsSocket: true), new HttpCaller(HttpDoor.Outside, (connection.RemoteEndPoint as IPEndPoint)?.Address));
    }

    static Socket OpenWeb(IPEndPoint at)
    {
        Socket socket = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(at);
            socket.Listen(64);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Faults.WebListenUnusable.With(at, e.Message).ToException(e);
        }
    }
}
