namespace MeshIoT.Node;

/// <summary>Where the packets of the tailnet meet this machine.</summary>
public enum TunMode
{
    /// <summary>Inside this process: no root, no interface, no route; only <see cref="TailnetNode"/> dials and listens.</summary>
    Userspace,

    /// <summary>A tunnel interface of the kernel, for every program on the machine. Needs root or CAP_NET_ADMIN.</summary>
    Kernel,
}
