using System;

namespace MeshIoT.Linux;

/// <summary>An interface made anew that is not in use yet; it disappears with this object unless <see cref="TunDevice.Adopt"/> took it.</summary>
public sealed class TunRenewal : IDisposable
{
    internal TunRenewal(Descriptor descriptor, bool hasHeader)
    {
        Descriptor = descriptor;
        HasHeader = hasHeader;
    }

    internal Descriptor Descriptor { get; }

    /// <summary>Whether packets have the header of <see cref="Offload.VirtioHeader"/>.</summary>
    internal bool HasHeader { get; }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
