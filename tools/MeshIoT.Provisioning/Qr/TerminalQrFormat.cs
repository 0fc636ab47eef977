namespace MeshIoT.Provisioning;

/// <summary>How a QR code is drawn with characters.</summary>
public enum TerminalQrFormat
{
    /// <summary>Small where the terminal speaks UTF-8, else ASCII.</summary>
    Auto,

    /// <summary>Half blocks: one character is one module wide and two high. Needs UTF-8.</summary>
    Small,

    /// <summary>Full blocks: two characters are one module. Needs UTF-8.</summary>
    Large,

    /// <summary>Two number signs are one module: works everywhere, and some scanners want a step back.</summary>
    Ascii,
}
