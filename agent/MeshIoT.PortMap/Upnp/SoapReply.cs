using System;
using System.Globalization;
using System.Net;
using System.Text;

namespace MeshIoT.PortMap.Upnp;

/// <summary>The gateway's answer to an action.</summary>
internal readonly record struct SoapReply
{
    /// <summary>The largest one read, in bytes.</summary>
    public const int Largest = 16 * 1024;

    /// <summary>Error codes of WANIPConnection that are told apart.</summary>
    public const int InvalidArguments = 402, NotAuthorized = 606, Conflict = 718, SamePortsRequired = 724, OnlyPermanentLeases = 725;

    /// <summary>The action was done.</summary>
    public bool Done { get; init; }

    /// <summary>Why not, as the gateway says; 0 when it does not say.</summary>
    public int Error { get; init; }

    /// <summary>The external address, where it was asked for and is IPv4.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Reads the answer to <paramref name="action"/>. Whatever is no such answer is not <see cref="Done"/>.</summary>
    public static SoapReply Read(int status, ReadOnlySpan<byte> body, string action)
    {
        if (body.Length > Largest)
        {
            return default;
        }

        XmlScanner xml = new(Encoding.UTF8.GetString(body));
        bool answered = false;
        int error = 0;
        IPAddress? address = null;
        while (true)
        {
            switch (xml.Read())
            {
                case XmlToken.Close when xml.Name == "errorCode":
                    error = int.TryParse(xml.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : 0;
                    break;
                case XmlToken.Close when xml.Name == "NewExternalIPAddress":
                    address = ReadAddress(xml.Text);
                    break;
                case XmlToken.Close when xml.Name == action + "Response":
                    answered = true;
                    break;
                case XmlToken.Malformed:
                    return default;
                case XmlToken.End:
                    return new SoapReply { Done = status == 200 && answered, Error = error, Address = address };
            }
        }
    }

    // "1" and "0x7f000001" are addresses to some readers, not here.
    static IPAddress? ReadAddress(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.ToString() == text && text.Contains('.', StringComparison.Ordinal) ? address : null;
}
