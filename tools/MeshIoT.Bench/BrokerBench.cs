using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Bench;

/// <summary>
/// What a broker gives: messages a second of QoS 1 through pairs of a publisher and a subscriber, then connections that come at a steady rate and stay.
/// The load is bytes on sockets of MQTT 3.1.1, made once and sent again, so that most of the machine is the broker's.
/// </summary>
internal static class BrokerBench
{
    public const string Usage = "broker --at IP:PORT --pid PID [--connections N] [--rate N] [--seconds N] [--pairs N] [--json FILE]";

    const int Window = 100, PayloadBytes = 64;

    public static int Run(ReadOnlySpan<string> args)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        int Number(string name, int otherwise) => options.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        if (!options.TryGetValue("--at", out string? at) || !options.ContainsKey("--pid"))
        {
            Console.Error.WriteLine("usage: MeshIoT.Bench " + Usage);
            return 2;
        }

        return RunAsync(IPEndPoint.Parse(at), Number("--pid", 0), Number("--connections", 10_000), Number("--rate", 100), Number("--seconds", 10), Number("--pairs", 4), options.GetValueOrDefault("--json"))
            .GetAwaiter().GetResult();
    }

    static async Task<int> RunAsync(IPEndPoint at, int broker, int connections, int rate, int seconds, int pairs, string? json)
    {
        double idle = Rss(broker);
        (double perSecond, double brokerCpu) = await MessagesAsync(at, broker, pairs, seconds);
        Console.WriteLine($"messages of QoS 1, {pairs} pairs, {PayloadBytes} bytes: {perSecond:0} a second in and out; the broker used {brokerCpu:0.00} cores, {1e6 * brokerCpu / Math.Max(perSecond, 1):0.0} us a message");
        double before = Rss(broker);
        (int reached, double took) = await ConnectionsAsync(at, connections, rate);
        double after = Rss(broker);
        double each = 1024 * (after - before) / Math.Max(reached, 1);
        Console.WriteLine($"connections at {rate} a second: {reached} of {connections} stood after {took:0} s; {each:0.0} KiB each, {idle:0.0} MiB idle, {after:0.0} MiB with all of them");
        if (json is not null)
        {
            File.WriteAllText(json, string.Create(CultureInfo.InvariantCulture,
                $"{{\"broker_msgs_per_s\":{perSecond:0},\"broker_cpu_us_per_msg\":{1e6 * brokerCpu / Math.Max(perSecond, 1):0.0},\"broker_connections\":{reached},\"broker_kib_per_connection\":{each:0.0},\"broker_rss_mib\":{after:0.0},\"broker_idle_rss_mib\":{idle:0.0}}}\n"));
        }

        return 0;
    }

    static async Task<(double PerSecond, double Cores)> MessagesAsync(IPEndPoint at, int broker, int pairs, int seconds)
    {
        using CancellationTokenSource stop = new();
        long[] arrived = new long[pairs];
        List<Task> running = [];
        for (int pair = 0; pair < pairs; pair++)
        {
            running.Add(await SubscribeAsync(at, pair, arrived, stop.Token));
        }

        for (int pair = 0; pair < pairs; pair++)
        {
            running.Add(await PublishAsync(at, pair, stop.Token));
        }

        await Task.Delay(2000);
        long first = Sum(arrived);
        double cpu = Cpu(broker);
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (double perSecond, double cores) = ((Sum(arrived) - first) / took, (Cpu(broker) - cpu) / took);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return (perSecond, cores);
    }

    static async Task<Task> SubscribeAsync(IPEndPoint at, int pair, long[] arrived, CancellationToken ct)
    {
        Socket socket = await EnterAsync(at, $"sub{pair}");
        byte[] topic = Topic(pair);
        await socket.SendAsync((byte[])[0x82, (byte)(5 + topic.Length - 2 + 0), 0, 1, .. topic, 1]);
        await ReadExactlyAsync(socket, new byte[5]);
        return Task.Run(async () =>
        {
            // Every PUBLISH that comes is equally long: the packet identifier stands behind the topic.
            int length = 2 + topic.Length + 2 + PayloadBytes, have = 0;
            byte[] buffer = new byte[64 * 1024], answers = new byte[4 * (buffer.Length / length)];
            try
            {
                while (true)
                {
                    int got = await socket.ReceiveAsync(buffer.AsMemory(have), ct);
                    if (got == 0)
                    {
                        return;
                    }

                    have += got;
                    int whole = have / length;
                    for (int i = 0; i < whole; i++)
                    {
                        int id = (i * length) + 2 + topic.Length;
                        (answers[4 * i], answers[(4 * i) + 1], answers[(4 * i) + 2], answers[(4 * i) + 3]) = (0x40, 2, buffer[id], buffer[id + 1]);
                    }

                    await socket.SendAsync(answers.AsMemory(0, 4 * whole), ct);
                    Buffer.BlockCopy(buffer, whole * length, buffer, 0, have - (whole * length));
                    have -= whole * length;
                    Interlocked.Add(ref arrived[pair], whole);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                socket.Dispose();
            }
        });
    }

    static async Task<Task> PublishAsync(IPEndPoint at, int pair, CancellationToken ct)
    {
        Socket socket = await EnterAsync(at, $"pub{pair}");
        byte[] topic = Topic(pair), all = new byte[Window * (2 + topic.Length + 2 + PayloadBytes)], answers = new byte[4 * Window];
        int length = all.Length / Window;
        for (int i = 0; i < Window; i++)
        {
            Span<byte> packet = all.AsSpan(i * length, length);
            (packet[0], packet[1]) = (0x32, (byte)(length - 2));
            topic.CopyTo(packet[2..]);
            packet[2 + topic.Length + 1] = (byte)(i + 1);
        }

        return Task.Run(async () =>
        {
            try
            {
                // As many as were acknowledged are sent again: the window is always full.
                await socket.SendAsync(all, ct);
                int have = 0, next = 0;
                while (true)
                {
                    int got = await socket.ReceiveAsync(answers.AsMemory(have), ct);
                    if (got == 0)
                    {
                        return;
                    }

                    have += got;
                    int free = have / 4;
                    have -= 4 * free;
                    while (free > 0)
                    {
                        int now = Math.Min(free, Window - next);
                        await socket.SendAsync(all.AsMemory(next * length, now * length), ct);
                        next = (next + now) % Window;
                        free -= now;
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                socket.Dispose();
            }
        });
    }

    static async Task<(int Reached, double Seconds)> ConnectionsAsync(IPEndPoint at, int wanted, int rate)
    {
        List<Socket> sockets = [];
        long began = Stopwatch.GetTimestamp();
        int standing = 0;
        SemaphoreSlim under = new(200);
        List<Task> opening = [];
        for (int i = 0; i < wanted; i++)
        {
            TimeSpan early = TimeSpan.FromSeconds(i / (double)rate) - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.FromMilliseconds(5))
            {
                await Task.Delay(early);
            }

            int number = i;
            await under.WaitAsync();
            opening.Add(Task.Run(async () =>
            {
                try
                {
                    Socket socket = await EnterAsync(at, $"c{number}");
                    lock (sockets)
                    {
                        sockets.Add(socket);
                    }
                }
                catch (Exception e) when (e is SocketException or IOException)
                {
                    // It does not stand.
                }
                finally
                {
                    under.Release();
                }
            }));
        }

        await Task.WhenAll(opening);
        double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (Socket socket in sockets)
        {
            // Each must still answer.
            await socket.SendAsync((byte[])[0xC0, 0]);
        }

        foreach (Socket socket in sockets)
        {
            byte[] answer = new byte[2];
            standing += await ReadExactlyAsync(socket, answer) && answer[0] == 0xD0 ? 1 : 0;
        }

        await Task.Delay(1000);
        return (standing, took);
    }

    static async Task<Socket> EnterAsync(IPEndPoint at, string id)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(at);
        byte[] name = System.Text.Encoding.ASCII.GetBytes(id);
        await socket.SendAsync((byte[])[0x10, (byte)(12 + name.Length), 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0x0E, 0x10, 0, (byte)name.Length, .. name]);
        byte[] answer = new byte[4];
        return await ReadExactlyAsync(socket, answer) && answer[3] == 0 ? socket : throw new IOException("not let in");
    }

    static byte[] Topic(int pair) => [0, 7, .. System.Text.Encoding.ASCII.GetBytes($"bench/{pair}")];

    static async Task<bool> ReadExactlyAsync(Socket socket, byte[] into)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        try
        {
            for (int have = 0; have < into.Length;)
            {
                int got = await socket.ReceiveAsync(into.AsMemory(have), limit.Token);
                if (got == 0)
                {
                    return false;
                }

                have += got;
            }

            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    static long Sum(long[] of)
    {
        long sum = 0;
        for (int i = 0; i < of.Length; i++)
        {
            sum += Interlocked.Read(ref of[i]);
        }

        return sum;
    }

    static double Rss(int process)
    {
        foreach (string line in File.ReadLines($"/proc/{process}/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
            {
                return double.Parse(line.AsSpan(6, line.Length - 8), CultureInfo.InvariantCulture) / 1024;
            }
        }

        return 0;
    }

    static double Cpu(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
    }
}
