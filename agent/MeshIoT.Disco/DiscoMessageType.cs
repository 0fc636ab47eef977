namespace MeshIoT.Disco;

/// <summary>First byte of a message. Others exist (peer relays, 4 to 9); they are ignored. data-plane.md section 2.2.</summary>
public enum DiscoMessageType : byte
{
    /// <summary>Asks for a pong.</summary>
    Ping = 1,

    /// <summary>Answers a ping by the way it came.</summary>
    Pong = 2,

    /// <summary>Asks to be pinged at the endpoints it lists; comes by relay only.</summary>
    CallMeMaybe = 3,
}
