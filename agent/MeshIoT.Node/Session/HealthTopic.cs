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

    /// <summary>Whether the state is safe on the disk.</summary>
    State,

    /// <summary>Addresses and routes of the kernel.</summary>
    Routing,

    /// <summary>Listening ports of the kernel.</summary>
    Listener,

    /// <summary>The UDP port.</summary>
    UdpPort,

    /// <summary>The clock.</summary>
    Clock,
}
