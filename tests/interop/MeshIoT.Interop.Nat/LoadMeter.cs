using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Interop.Nat;

/// <summary>Keeps a TCP connection busy while a command of the script changes the network under it.</summary>
sealed class LoadMeter(Site a, Site b, double mbit)
{
    /// <summary>Where site b listens.</summary>
    public const int Port = 7100;

    /// <summary>Load, the command after <paramref name="before"/>, and load for <paramref name="after"/> more.</summary>
    public async Task<LoadResult> RunAsync(TimeSpan before, TimeSpan after, string[] command)
    {
        using Sightings atA = new(a, b), atB = new(b, a);
        (Socket? client, Socket? server, double? connectMs) = await ConnectAsync();
        if (client is null || server is null)
        {
            return new LoadResult(a.Name, b.Name, null, 0, 0, 0, true, false, "none", "none", null, 0);
        }

        using LoadEnd one = new(client, mbit * 125_000), two = new(server, mbit * 125_000);
        one.Start();
        two.Start();
        // The first second belongs to TCP's start.
        await Task.Delay(1000);
        _ = Worst(one, two);
        long bytes = one.Received + two.Received, began = Stopwatch.GetTimestamp();
        await Task.Delay(before - TimeSpan.FromSeconds(1) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        string pathBefore = await PathAsync(atA, atB);
        double rate = (one.Received + two.Received - bytes) * 8 / 1e6 / Stopwatch.GetElapsedTime(began).TotalSeconds;
        double quiet = Worst(one, two);

        long happened = Stopwatch.GetTimestamp();
        using (Process run = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!)
        {
            _ = await run.StandardOutput.ReadToEndAsync();
            await run.WaitForExitAsync();
        }

        atA.Forget();
        atB.Forget();
        double eventMs = Stopwatch.GetElapsedTime(happened).TotalMilliseconds;
        await Task.Delay(after);
        double? direct = atA.First != 0 && atB.First != 0
            ? Round(Stopwatch.GetElapsedTime(happened, Math.Max(atA.First, atB.First)).TotalMilliseconds) : null;
        string pathAfter = await PathAsync(atA, atB);
        bool alive = one.Silence < TimeSpan.FromSeconds(1) && two.Silence < TimeSpan.FromSeconds(1);
        return new LoadResult(
            a.Name, b.Name, connectMs, Round(rate), quiet, Worst(one, two), one.Broken || two.Broken, alive && !one.Broken && !two.Broken,
            pathBefore, pathAfter, direct, Round(eventMs));
    }

    static double Worst(LoadEnd one, LoadEnd two) =>
        Round(Math.Max(one.TakeLongestSilence().TotalMilliseconds, two.TakeLongestSilence().TotalMilliseconds));

    // Data came straight from the other during one more second, or not.
    static async Task<string> PathAsync(Sightings atA, Sightings atB)
    {
        (long A, long B) from = (atA.Count, atB.Count);
        await Task.Delay(1000);
        return (atA.Count > from.A, atB.Count > from.B) switch
        {
            (true, true) => "direct",
            (false, false) => "relay",
            _ => "mixed",
        };
    }

    async Task<(Socket? Client, Socket? Server, double? Ms)> ConnectAsync()
    {
        AddressFamily family = b.Tunnel!.AddressFamily;
        using Socket listener = InNamespace.Run(b.Namespace, () =>
        {
            Socket made = new(family, SocketType.Stream, ProtocolType.Tcp);
            made.Bind(new IPEndPoint(b.Tunnel, Port));
            made.Listen();
            return made;
        });
        Socket client = InNamespace.Run(a.Namespace, () => new Socket(family, SocketType.Stream, ProtocolType.Tcp));
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(20));
        long began = Stopwatch.GetTimestamp();
        try
        {
            ValueTask<Socket> accepting = listener.AcceptAsync(late.Token);
            await client.ConnectAsync(new IPEndPoint(b.Tunnel, Port), late.Token);
            return (client, await accepting, Round(Stopwatch.GetElapsedTime(began).TotalMilliseconds));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            client.Dispose();
            return (null, null, null);
        }
    }

    static double Round(double value) => Math.Round(value, 1);
}
