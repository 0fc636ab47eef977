using System;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Interop;

// MeshIoT.Interop.NetStack TUN STACK4 STACK6 KERNEL4 KERNEL6 FILE
// On the stack: HTTP on port 80, a way to 127.0.0.1:5201 on port 5201, UDP echo on port 7.
// On the kernel's loopback: port 5203 leads through the stack to KERNEL4:5202.
if (args.Length != 6)
{
    Console.Error.WriteLine("usage: MeshIoT.Interop.NetStack TUN STACK4 STACK6 KERNEL4 KERNEL6 FILE");
    return 2;
}

using CancellationTokenSource stop = new();
using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => { c.Cancel = true; stop.Cancel(); });
using StackHost host = new(args[0]);
byte[] kernel4 = IPAddress.Parse(args[3]).GetAddressBytes(), kernel6 = IPAddress.Parse(args[4]).GetAddressBytes();
HttpResponder http = new(host, args[5]);
lock (host.Gate)
{
    host.Stack.AddAddress(IPAddress.Parse(args[1]).GetAddressBytes());
    host.Stack.AddAddress(IPAddress.Parse(args[2]).GetAddressBytes());
    host.Stack.OpenUdp(UdpEcho.Port, new UdpEcho());
}

StackListener.Open(host, 80, http.HandleAsync, stop.Token);
StackListener.Open(host, 5201, Proxy.ToKernel(5201), stop.Token);
Thread loop = new(() => host.Run(stop.Token)) { Name = "stack" };
loop.Start();
Task fromKernel = new Proxy(host).FromKernelAsync(5203, kernel4, 5202, stop.Token);
Console.WriteLine("ready");

// The script gives the interface its addresses now; then the kernel must answer our pings.
EchoPing ping = new(host);
try
{
    Console.WriteLine(await ping.AnswersAsync(kernel4, stop.Token) ? "kernel answers IPv4" : "kernel is silent on IPv4");
    Console.WriteLine(await ping.AnswersAsync(kernel6, stop.Token) ? "kernel answers IPv6" : "kernel is silent on IPv6");
    await fromKernel;
}
catch (OperationCanceledException)
{
}

host.Wake();
loop.Join();
return 0;
