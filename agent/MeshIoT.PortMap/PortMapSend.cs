using System;
using System.Net;

namespace MeshIoT.PortMap;

/// <summary>What the shell must send next.</summary>
public abstract record PortMapSend;

/// <summary>A datagram, from the one UDP socket that answers are read from.</summary>
/// <param name="To">The gateway, or the SSDP group on its network.</param>
/// <param name="Payload">The bytes.</param>
public sealed record PortMapDatagram(IPEndPoint To, byte[] Payload) : PortMapSend;

/// <summary>
/// An HTTP request to the gateway. The shell connects to the address in the URL and nowhere else, follows no redirection, reads at most
/// <see cref="PortMapper.LargestHttpAnswer"/> bytes, and reports back within 10 s: <see cref="PortMapper.HttpAnswered"/>.
/// </summary>
/// <param name="Id">Names the request in the answer.</param>
/// <param name="Url">Plain http at the gateway's address in digits.</param>
/// <param name="SoapAction">The SOAPAction header without its quotation marks; null: a GET.</param>
/// <param name="Body">The body of a POST, text/xml; null for a GET.</param>
public sealed record PortMapHttp(int Id, Uri Url, string? SoapAction, byte[]? Body) : PortMapSend;
