namespace MeshIoT.Mqtt.Broker;

/// <summary>What is wrong with the bytes of a connection.</summary>
internal enum FrameFault
{
    None,

    /// <summary>The first packet is not the one that a connection begins with.</summary>
    WrongBeginning,

    /// <summary>A packet type or its flags that cannot be.</summary>
    Malformed,

    /// <summary>More bytes than allowed.</summary>
    TooLarge,
}
