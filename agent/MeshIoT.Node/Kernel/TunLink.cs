using System;
using System.Runtime.CompilerServices;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Kernel;

/// <summary>The host link of kernel mode: a tunnel interface.</summary>
internal sealed unsafe class TunLink(TunDevice device) : HostLink
{
    const int CarrySize = 64 * 1024;

    // Packets that do not stay where they are wait here, so that they are joined as well. Made when the first one comes.
    byte[]? carry;
    int carried;

    /// <inheritdoc/>
    public override int FileDescriptor => device.FileDescriptor;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Fetched => device.Fetched;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, long nowMs) => Math.Max(0, device.Read(buffer.AsSpan(offset)));

    /// <inheritdoc/>
    public override bool Fetch(long nowMs) => device.Fetch();

    /// <inheritdoc/>
    public override int Cut(Span<byte> output) => device.Cut(output);

    /// <inheritdoc/>
    public override void Deliver(byte[] packet, int offset, int length, long nowMs)
    {
        int needed = Headroom + length;
        if (needed > CarrySize)
        {
            device.Write(packet.AsSpan(offset, length));
            return;
        }

        carry ??= GC.AllocateUninitializedArray<byte>(CarrySize, pinned: true);
        if (carried + needed > CarrySize)
        {
            Flush();
        }

        packet.AsSpan(offset, length).CopyTo(carry.AsSpan(carried + Headroom));
        byte* at = (byte*)Unsafe.AsPointer(ref carry[carried + Headroom]);
        carried += needed;
        device.WriteLater(at, length);
    }

    /// <inheritdoc/>
    public override void DeliverLater(byte* packet, int length, long nowMs) => device.WriteLater(packet, length);

    /// <inheritdoc/>
    public override void Flush()
    {
        device.Flush();
        carried = 0;
    }

    /// <inheritdoc/>
    public override void Dispose() => device.Dispose();
}
