namespace MeshIoT.Disco;

/// <summary>Why a datagram was not obeyed.</summary>
public enum DiscoFault
{
    /// <summary>It was.</summary>
    None,

    /// <summary>Too short for a box, or longer than anyone sends.</summary>
    WrongLength,

    /// <summary>No peer of the netmap has this disco key. Nothing was computed.</summary>
    UnknownSender,

    /// <summary>More came than is worth looking at. Nothing was computed.</summary>
    RateLimited,

    /// <summary>The key is no point to make a secret with.</summary>
    InvalidKey,

    /// <summary>The box does not open: damaged, or not from the holder of that key, or not for us.</summary>
    Forged,

    /// <summary>A genuine message that is too short for its type.</summary>
    Malformed,

    /// <summary>A genuine message of a type that is not ours to handle.</summary>
    UnknownType,

    /// <summary>A message that must come by relay came directly.</summary>
    NotByRelay,

    /// <summary>A message by relay whose sender the relay names is not the node that has this disco key.</summary>
    WrongCaller,

    /// <summary>A pong without a ping: none is open, it was answered before, or it went to another peer or address.</summary>
    UnaskedPong,
}
