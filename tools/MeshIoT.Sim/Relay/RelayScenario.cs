using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using DerpType = MeshIoT.Derp.FrameType;

namespace MeshIoT.Sim;

/// <summary>Measures one relay: a crowd that is idle, then two clients that are not. Each in a fresh process.</summary>
internal sealed class RelayScenario(Func<RelayProcess> start, RelayBenchOptions options, TextWriter log)
{
    const int RoundTrips = 200;

    public RelayFigures Run()
    {
        Warm();
        (double rss, double connects, double cpuPerConnect) = Crowd();
        double roundTrip = RoundTrip();
        (double mbit, double cpu, long lost) = Flow();
        return new RelayFigures(rss, connects, cpuPerConnect, mbit, cpu, lost, roundTrip);
    }

    // The load's own code is compiled before anything is measured.
    void Warm()
    {
        using RelayProcess relay = start();
        using RelayClient client = RelayClient.Connect(relay.Listening);
    }

    (double RssKib, double PerSecond, double CpuMs) Crowd()
    {
        using RelayProcess relay = start();
        ProcessUse fresh = relay.Use;
        List<RelayClient> clients = [];
        int begun = 0;
        Exception? failure = null;
        long began = Stopwatch.GetTimestamp();
        Thread[] workers = [.. Enumerable.Range(0, options.AtOnce).Select(_ => new Thread(Connect) { IsBackground = true })];
        Array.ForEach(workers, w => w.Start());
        Array.ForEach(workers, w => w.Join());
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (failure is not null)
        {
            throw failure;
        }

        Thread.Sleep(options.Quiet);
        ProcessUse idle = relay.Use;
        log.WriteLine(FormattableString.Invariant($"{clients.Count} clients in {seconds:F2} s; VmRSS {fresh.RssKib} KiB fresh, {idle.RssKib} KiB with all idle"));
        clients.ForEach(c => c.Dispose());
        return ((idle.RssKib - fresh.RssKib) / (double)clients.Count, clients.Count / seconds, (idle.CpuSeconds - fresh.CpuSeconds) * 1000 / clients.Count);

        void Connect()
        {
            while (Interlocked.Increment(ref begun) <= options.Clients && failure is null)
            {
                try
                {
                    RelayClient client = RelayClient.Connect(relay.Listening);
                    client.Rest();
                    lock (clients)
                    {
                        clients.Add(client);
                    }
                }
                catch (IOException e)
                {
                    failure = e;
                }
            }
        }
    }

    double RoundTrip()
    {
        using RelayProcess relay = start();
        using RelayClient one = RelayClient.Connect(relay.Listening), other = RelayClient.Connect(relay.Listening);
        List<double> times = [];
        for (int i = 0; i < RoundTrips; i++)
        {
            Thread.Sleep(2);
            long began = Stopwatch.GetTimestamp();
            SendSmall(one, other.Key);
            Await(other);
            SendSmall(other, one.Key);
            Await(one);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    (double Mbit, double Cpu, long Lost) Flow()
    {
        using RelayProcess relay = start();
        using RelayClient from = RelayClient.Connect(relay.Listening), to = RelayClient.Connect(relay.Listening);
        RelayFlow flow = new(from, to, options.PacketSize, options.Window);
        double before = 0, after = 0;
        (long bytes, double seconds) = flow.Run(TimeSpan.FromSeconds(1), options.Flow, () => before = relay.Use.CpuSeconds, () => after = relay.Use.CpuSeconds);
        log.WriteLine(FormattableString.Invariant($"{bytes / 1e6:F0} MB in {seconds:F2} s, {after - before:F2} s of processor time, {flow.Lost} packets lost"));
        return (bytes * 8 / seconds / 1e6, (after - before) / (bytes / (double)(1 << 30)), flow.Lost);
    }

    static void SendSmall(RelayClient from, NodePublicKey to)
    {
        Span<byte> frame = stackalloc byte[DerpFrames.PacketHeaderSize + 100];
        frame.Clear();
        PacketFrame.WriteHeader(frame, DerpType.SendPacket, to, 100);
        from.Send(frame);
    }

    static void Await(RelayClient client)
    {
        while (client.Receive(out _) != DerpType.RecvPacket)
        {
        }
    }
}
