using System;
using System.Net;

namespace MeshIoT.Linux;

/// <content>
/// Many datagrams with one system call: what comes is taken eight buffers at a time, each of which may hold dozens of datagrams of one sender
/// (UDP_GRO); what goes out waits in one buffer, where neighbours of one size for one endpoint leave as one message that the kernel or the network
/// card cuts (UDP_SEGMENT). udp(7), recvmmsg(2), sendmmsg(2); data-plane.md section 6.
/// </content>
public sealed unsafe partial class UdpPort
{
    InBatch? inBatch;
    OutBatch? outBatch;

    /// <summary>Datagrams go in groups: false until <see cref="UseBatches"/>.</summary>
    public bool HasBatches => outBatch is not null;

    /// <summary>What the kernel does for this port; it may turn out that it cannot after all.</summary>
    public Offloads Offloads => (outBatch is { IsCutting: true } ? Offloads.UdpGso : Offloads.None) | (joinsIncoming ? Offloads.UdpGro : Offloads.None);

    /// <summary>System calls that sent something later, and those that received; for measurements.</summary>
    public (long Sends, long Receives) Calls => (outBatch?.Calls ?? 0, inBatch?.Calls ?? 0);

    /// <summary>
    /// From now on <see cref="Receive(Span{byte}, Span{byte})"/> takes many at a time from the kernel, and <see cref="SendLater"/> gathers. Costs a
    /// megabyte of address space, of which only as much becomes memory as traffic needs.
    /// </summary>
    /// <param name="offloads">What the kernel is asked for, of what concerns a port.</param>
    public void UseBatches(Offloads offloads = Offloads.All)
    {
        inBatch = new InBatch();
        outBatch = new OutBatch { IsCutting = (offloads & Offloads.UdpGso) != 0 };
        wantsJoined = (offloads & Offloads.UdpGro) != 0;
        joinsIncoming = wantsJoined && SetOption(socket, Libc.SOL_UDP, Libc.UDP_GRO, 1);
    }

    readonly byte[] leftFrom = new byte[EndpointSize];
    DatagramRun left;
    int leftCount;
    bool wantsJoined, joinsIncoming;

    /// <summary>
    /// As <see cref="Send(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>, but the datagram may wait for others, until <see cref="Flush"/> or a datagram that
    /// may not wait. Where the last one to an endpoint was refused, the answer is that of the system.
    /// </summary>
    public override bool SendLater(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18)
    {
        if (outBatch is not { } batch || datagram.IsEmpty || datagram.Length > OutBatch.LargestDatagram || batch.IsRefused(endpoint18))
        {
            return Send(datagram, endpoint18);
        }

        datagram.CopyTo(new Span<byte>(Reserve(), LargestDatagram));
        batch.Add(datagram.Length, endpoint18);
        return true;
    }

    /// <inheritdoc/>
    public override bool TakesLater(ReadOnlySpan<byte> endpoint18) => outBatch?.IsRefused(endpoint18) != true;

    /// <inheritdoc/>
    public override byte* Reserve()
    {
        if (outBatch is not { } batch)
        {
            return base.Reserve();
        }

        if (!batch.HasRoom)
        {
            Flush();
        }

        return batch.Next;
    }

    /// <inheritdoc/>
    public override bool Commit(int length, ReadOnlySpan<byte> endpoint18)
    {
        if (outBatch is not { } batch)
        {
            return base.Commit(length, endpoint18);
        }

        batch.Add(length, endpoint18);
        return true;
    }

    /// <summary>Sends what waits.</summary>
    public override void Flush()
    {
        if (outBatch is not { Count: > 0 } batch)
        {
            return;
        }

        int sent = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            batch.Prepare(i, WriteDestination(batch.AddressOf(i), batch.EndpointOf(i)));
        }

        while (sent < batch.Count)
        {
            int done = Libc.SendMessages(socket, batch.MessageOf(sent), (uint)(batch.Count - sent), 0);
            batch.Calls++;
            if (done > 0)
            {
                batch.Succeeded(sent, done);
                sent += done;
                continue;
            }

            int errno = Errno.Last;
            if (errno == Errno.EINTR)
            {
                continue;
            }

            Refused(batch, sent, errno);
            sent++;
        }

        batch.Clear();
    }

    // Cutting may be what was refused: the card cannot, or the datagrams are larger than what the way carries in one piece. Then they go one by one.
    void Refused(OutBatch batch, int group, int errno)
    {
        int count = batch.CountOf(group);
        if (count > 1 && errno is Errno.EIO or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOPROTOOPT or Errno.EMSGSIZE)
        {
            batch.CuttingFailed(errno, BootClock.NowMs);
            for (int i = 0; i < count; i++)
            {
                if (!SendNow(batch.DatagramOf(group, i), batch.EndpointOf(group)))
                {
                    batch.Refuse(group);
                }
            }

            return;
        }

        SendDrops += count;
        if (errno is not (Errno.EAGAIN or Errno.ENOBUFS))
        {
            batch.Refuse(group);
        }

        if (IsBroken(errno))
        {
            RebindNowAndThen(BootClock.NowMs);
        }
    }

    /// <inheritdoc/>
    public override bool IsDrained => inBatch?.IsDrained == true;

    /// <inheritdoc/>
    public override bool Fetch()
    {
        if (inBatch is not { } batch)
        {
            return base.Fetch();
        }

        (left, leftCount) = (default, 0);
        byte* messages = batch.Prepare();
        int count;
        do
        {
            count = Libc.ReceiveMessages(socket, messages, InBatch.Slots, 0, null);
        }
        while (count < 0 && Errno.Last == Errno.EINTR);

        if (count <= 0)
        {
            return false;
        }

        batch.Filled(count);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryNextRun(Span<byte> source18, out DatagramRun run)
    {
        if (inBatch is not { } batch)
        {
            return base.TryNextRun(source18, out run);
        }

        if (!batch.TryNext(out run, out byte* address))
        {
            return false;
        }

        ReadSource(address, source18);
        return true;
    }

    // One at a time: what is left of a run comes before the next.
    int ReceiveBatched(Span<byte> buffer, Span<byte> source18)
    {
        while (true)
        {
            while (leftCount > 0 || TryNextRun(leftFrom, out left))
            {
                leftCount = leftCount > 0 ? leftCount : left.Count;
                int length = Math.Min(left.Size, left.Length);
                ReadOnlySpan<byte> datagram = new(left.Data, length);
                left = new DatagramRun(left.Data + length, left.Length - length, left.Size);
                leftCount--;
                if (length > buffer.Length)
                {
                    OversizeDrops++;
                    continue;
                }

                datagram.CopyTo(buffer);
                leftFrom.CopyTo(source18);
                return length;
            }

            if (!Fetch())
            {
                return -1;
            }
        }
    }
}
