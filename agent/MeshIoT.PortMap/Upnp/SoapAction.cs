using System.Globalization;
using System.Net;
using System.Text;

namespace MeshIoT.PortMap.Upnp;

/// <summary>The three actions of a WANIPConnection that are used, as bodies of HTTP requests. WANIPConnection:1 sections 2.4.16 to 2.4.18.</summary>
internal static class SoapAction
{
    public const string AddPortMapping = nameof(AddPortMapping), DeletePortMapping = nameof(DeletePortMapping),
        GetExternalIPAddress = nameof(GetExternalIPAddress);

    /// <summary>A lease of 0 seconds is for ever.</summary>
    public static byte[] Add(string service, ushort externalPort, ushort internalPort, IPAddress client, uint leaseSeconds) => Envelope(
        service,
        AddPortMapping,
        $"""
        <NewRemoteHost></NewRemoteHost><NewExternalPort>{Number(externalPort)}</NewExternalPort><NewProtocol>UDP</NewProtocol>
        <NewInternalPort>{Number(internalPort)}</NewInternalPort><NewInternalClient>{client}</NewInternalClient><NewEnabled>1</NewEnabled>
        <NewPortMappingDescription>meshiot</NewPortMappingDescription><NewLeaseDuration>{Number(leaseSeconds)}</NewLeaseDuration>
        """);

    /// <summary>Takes a UDP mapping away.</summary>
    public static byte[] Delete(string service, ushort externalPort) => Envelope(
        service,
        DeletePortMapping,
        $"<NewRemoteHost></NewRemoteHost><NewExternalPort>{Number(externalPort)}</NewExternalPort><NewProtocol>UDP</NewProtocol>");

    /// <summary>Asks for the external address.</summary>
    public static byte[] ExternalAddress(string service) => Envelope(service, GetExternalIPAddress, string.Empty);

    // The type is one of WanService.Known and the rest are numbers: nothing here needs escaping.
    static byte[] Envelope(string service, string action, string arguments) => Encoding.ASCII.GetBytes(
        "<?xml version=\"1.0\"?>\r\n"
        + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">"
        + $"<s:Body><u:{action} xmlns:u=\"{service}\">{arguments}</u:{action}></s:Body></s:Envelope>\r\n");

    static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
