using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Interop.Nat;

/// <summary>Speaks through the tunnel from one site to another, one datagram each 20 ms, and watches how they come.</summary>
sealed class PairMeter : IDisposable
{
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    // After the path was found direct: long enough to see that nothing is lost by it.
    static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    readonly Site a, b;
    readonly Socket socket;
    readonly Sightings atA, atB;
    readonly Lock gate = new();
    readonly List<long> sentAt = [];
    readonly List<(int Number, long At)> answers = [];
    readonly HashSet<int> answered = [];

    /// <summary>Prepares; nothing is sent yet.</summary>
    public PairMeter(Site a, Site b)
    {
        (this.a, this.b) = (a, b);
        atA = new Sightings(a, b);
        atB = new Sightings(b, a);
        socket = InNamespace.Run(a.Namespace, () => new Socket(b.Tunnel!.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
    }

    /// <summary>
    /// Speaks until the path is direct in both directions and has been for a moment, at most for <paramref name="hold"/> after the
    /// first answer, and gives up after <paramref name="patience"/> when there is none.
    /// </summary>
    public async Task<PairResult> RunAsync(TimeSpan patience, TimeSpan hold)
    {
        socket.Connect(new IPEndPoint(b.Tunnel!, EchoServer.Port));
        _ = HearAsync();
        long began = Stopwatch.GetTimestamp();
        long direct = 0;
        while (true)
        {
            Send();
            await Task.Delay(Beat);
            long firstAnswer = FirstAnswer;
            if (direct == 0 && atA.First != 0 && atB.First != 0)
            {
                direct = Math.Max(atA.First, atB.First);
            }

            if ((firstAnswer == 0 && Stopwatch.GetElapsedTime(began) > patience)
                || (firstAnswer != 0 && Stopwatch.GetElapsedTime(firstAnswer) > hold)
                || (firstAnswer != 0 && direct != 0 && Stopwatch.GetElapsedTime(Math.Max(direct, firstAnswer)) > Settle))
            {
                break;
            }
        }

        // What is on its way may still arrive.
        await Task.Delay(400);
        return Result(began, direct);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        atA.Dispose();
        atB.Dispose();
    }

    long FirstAnswer
    {
        get
        {
            lock (gate)
            {
                return answers.Count == 0 ? 0 : answers[0].At;
            }
        }
    }

    void Send()
    {
        byte[] bytes = new byte[32];
        lock (gate)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, sentAt.Count);
            sentAt.Add(Stopwatch.GetTimestamp());
        }

        try
        {
            socket.Send(bytes);
        }
        catch (SocketException)
        {
        }
    }

    async Task HearAsync()
    {
        byte[] buffer = new byte[64];
        while (true)
        {
            try
            {
                if (await socket.ReceiveAsync(buffer) != 32)
                {
                    continue;
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                await Task.Delay(1);
                continue;
            }
            catch (SocketException)
            {
                return;
            }

            long now = Stopwatch.GetTimestamp();
            lock (gate)
            {
                int number = BinaryPrimitives.ReadInt32BigEndian(buffer);
                if (number >= 0 && number < sentAt.Count && answered.Add(number))
                {
                    answers.Add((number, now));
                }
            }
        }
    }

    PairResult Result(long began, long direct)
    {
        lock (gate)
        {
            if (answers.Count == 0)
            {
                return new PairResult(a.Name, b.Name, null, null, false, sentAt.Count, sentAt.Count, 0, 0);
            }

            long first = answers[0].At;
            int from = sentAt.FindIndex(t => t >= first) is >= 0 and int i ? i : sentAt.Count;
            int lost = Enumerable.Range(from, sentAt.Count - from).Count(n => !answered.Contains(n));
            double gap = 0;
            for (int n = 1; n < answers.Count; n++)
            {
                gap = Math.Max(gap, Ms(answers[n - 1].At, answers[n].At));
            }

            double[] times = [.. answers.TakeLast(15).Select(x => Ms(sentAt[x.Number], x.At)).Order()];
            return new PairResult(
                a.Name, b.Name, Ms(began, first), direct == 0 ? null : Math.Max(0, Ms(first, direct)), direct == 0,
                sentAt.Count - from, lost, gap, times[times.Length / 2]);
        }
    }

    static double Ms(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 1);
}
