namespace MeshIoT.Node.Session;

/// <summary>What a health report is about; there is one report per topic, and the newest replaces the one before.</summary>
internal enum HealthTopic
{
    /// <summary>The packet engine.</summary>
    Engine,

    /// <summary>Whether the coordinator lets this node in.</summary>
    Login,

    /// <summary>Whether the coordinator is there.</summary>
    Coordinator,

    /// <summary>How long the login is good for.</summary>
    KeyExpiry,

    /// <summary>The netmap on the disk.</summary>
    Netmap,

    /// <summary>What the coordinator wants a person to see.</summary>
    Notice,

    /// <summary>Whether the advertised routes can be served.</summary>
    Forwarding,

    /// <summary>Whether the state is safe on the disk.</summary>
    State,

    /// <summary>The tunnel interface.</summary>
    Tunnel,

    /// <summary>Addresses and routes of the kernel.</summary>
    Routing,

    /// <summary>Listening ports of the kernel.</summary>
    Listener,

    /// <summary>The UDP port.</summary>
    UdpPort,

    /// <summary>Whether changes of the machine's network are heard of.</summary>
    Links,

    /// <summary>What the router says to opening a port.</summary>
    PortMapping,

    /// <summary>The clock.</summary>
    Clock,

    /// <summary>Whether the network lets packets through.</summary>
    Internet,

    /// <summary>What its NAT does to direct paths.</summary>
    Nat,

    /// <summary>Whether the relays answer.</summary>
    Relays,

    /// <summary>The connection to the home relay.</summary>
    HomeRelay,
}
