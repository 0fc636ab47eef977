namespace MeshIoT.Linux.Gpio;

/// <summary>The resistor that the chip itself puts to an input.</summary>
public enum GpioBias
{
    /// <summary>As it is.</summary>
    AsIs,

    /// <summary>To the supply.</summary>
    PullUp,

    /// <summary>To ground.</summary>
    PullDown,
}
