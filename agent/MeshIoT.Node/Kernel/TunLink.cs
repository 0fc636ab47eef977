using System;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Kernel;

/// <summary>The host link of kernel mode: a tunnel interface.</summary>
internal sealed class TunLink(TunDevice device) : HostLink
{
    /// <inheritdoc/>
    public override int FileDescriptor => device.FileDescriptor;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, long nowMs) => Math.Max(0, device.Read(buffer.AsSpan(offset)));

    /// <inheritdoc/>
    public override void Deliver(byte[] packet, int offset, int length, long nowMs) => device.WriteLater(packet.AsSpan(offset, length));

    /// <inheritdoc/>
    public override void Flush() => device.Flush();

    /// <inheritdoc/>
    public override void Dispose() => device.Dispose();
}
