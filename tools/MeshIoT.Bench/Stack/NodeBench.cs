using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Node;

namespace MeshIoT.Bench;

/// <summary>
/// A whole node in userspace mode that serves or asks: TCP through the tunnel between two processes of this kind, the way a program takes that
/// embeds the library. "serve" answers the first byte of a connection: 's' with bytes without end, 'r' by reading without end. "ask" opens a connection
/// for each round; the first warms up. Both print a line of JSON a round, with what they read or wrote and their own processor time.
/// </summary>
static class NodeBench
{
    const int Port = 5201, Piece = 64 * 1024;

    public const string Usage = "node serve|ask --state DIR --login-server URL --auth-key-file FILE --bind ADDRESS [--to NAME] [--direction send|receive] [--rounds N] [--seconds N]";

    public static int Run(ReadOnlySpan<string> args)
    {
        Dictionary<string, string> options = new() { ["--direction"] = "receive", ["--rounds"] = "5", ["--seconds"] = "4", ["--to"] = "serve" };
        for (int i = 1; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        foreach (string needed in (ReadOnlySpan<string>)["--state", "--login-server", "--auth-key-file", "--bind"])
        {
            if (args.Length == 0 || args[0] is not ("serve" or "ask") || !options.ContainsKey(needed))
            {
                Console.Error.WriteLine("usage: MeshIoT.Bench " + Usage);
                return 2;
            }
        }

        RunAsync(args[0], options).GetAwaiter().GetResult();
        return 0;
    }

    static async Task RunAsync(string role, Dictionary<string, string> options)
    {
        CancellationToken ct = CancellationToken.None;
        await using TailnetNode node = await TailnetNode.StartAsync(
            new()
            {
                StateDirectory = options["--state"], Hostname = role, UdpBind = IPAddress.Parse(options["--bind"]), UdpPort = 0, PortMapping = false, Tun = TunMode.Userspace,
            },
            ct);
        string key = (await File.ReadAllTextAsync(options["--auth-key-file"], ct)).Trim();
        await node.UpAsync(new() { LoginServer = new(options["--login-server"]), AuthKey = key }, ct);
        if (role == "serve")
        {
            await ServeAsync(node, ct);
        }

        for (int round = 0; round <= Number("--rounds"); round++)
        {
            await AskAsync(node, options["--to"], options["--direction"] == "send", Number("--seconds"), ct);
        }

        // The last connection's end is on its way.
        await Task.Delay(500, ct);

        int Number(string name) => int.Parse(options[name], CultureInfo.InvariantCulture);
    }

    static async Task ServeAsync(TailnetNode node, CancellationToken ct)
    {
        await using TailnetListener listener = node.Listen(Port);
        Console.Out.WriteLine("ready");
        byte[] buffer = new byte[Piece];
        while (true)
        {
            using TailnetConnection connection = await listener.AcceptAsync(ct);
            Stream stream = connection.Stream;
            await stream.ReadExactlyAsync(buffer.AsMemory(0, 1), ct);
            bool sends = buffer[0] == (byte)'s';
            await MoveAsync(stream, sends, buffer, Timeout.InfiniteTimeSpan, ct);
        }
    }

    // Until time is over, or the other end has had enough.
    static async Task MoveAsync(Stream stream, bool sends, byte[] buffer, TimeSpan limit, CancellationToken ct)
    {
        long bytes = 0, start = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        try
        {
            while (limit < TimeSpan.Zero || Stopwatch.GetElapsedTime(start) < limit)
            {
                int count = sends ? buffer.Length : await stream.ReadAsync(buffer, ct);
                if (sends)
                {
                    await stream.WriteAsync(buffer, ct);
                }

                if (count == 0)
                {
                    break;
                }

                bytes += count;
            }
        }
        catch (IOException)
        {
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"sends\":{(sends ? "true" : "false")},\"bytes\":{bytes},\"seconds\":{seconds:F3},\"cpu_s\":{(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F3}}}"));
    }

    static async Task AskAsync(TailnetNode node, string to, bool sends, int seconds, CancellationToken ct)
    {
        await using Stream stream = await node.DialAsync(to, Port, ct);
        byte[] buffer = new byte[Piece];
        buffer[0] = sends ? (byte)'r' : (byte)'s';
        await stream.WriteAsync(buffer.AsMemory(0, 1), ct);
        await MoveAsync(stream, sends, buffer, TimeSpan.FromSeconds(seconds), ct);
        if (sends)
        {
            // What waits still goes, and the other end says that it has all.
            ((TailnetStream)stream).CloseWrite();
            _ = await stream.ReadAsync(buffer, ct);
        }
    }
}
