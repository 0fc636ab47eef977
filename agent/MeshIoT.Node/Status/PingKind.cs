namespace MeshIoT.Node;

/// <summary>Who answers a ping, and what its answer proves. data-plane.md section 7.5.</summary>
public enum PingKind
{
    /// <summary>Path discovery, outside the tunnel: that the peer's agent runs, and by which path it is reached.</summary>
    Disco,

    /// <summary>The peer's agent, inside the tunnel: that the tunnel works, whatever policy and firewall say.</summary>
    Tsmp,

    /// <summary>The peer's operating system, inside the tunnel: that policy and firewall let an echo through.</summary>
    Icmp,
}
