using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Interop.WireGuard;

// run FILE [portable]                            a WireGuard interface; commands on standard input, JSON answers on standard output
// flood ENDPOINT PUBLIC-KEY SECONDS ADDRESS...   initiations from these addresses
try
{
    switch (args)
    {
        case ["run", string file, ..]:
        {
            using PlainInterface plain = new(InterfaceFile.Read(file), args is [_, _, "portable"] ? new PortableSuite() : new SodiumSuite());
            Thread reader = new(() =>
            {
                while (Console.ReadLine() is { } command)
                {
                    plain.Tell(command);
                }

                plain.Tell("quit");
            })
            { IsBackground = true };
            reader.Start();
            Console.WriteLine("{\"ready\":true}");
            plain.Run();
            return ExitCodes.Done;
        }

        case ["flood", string endpoint, string publicKey, string seconds, .. string[] addresses]:
        {
            List<IPAddress> sources = [];
            foreach (string address in addresses)
            {
                sources.Add(IPAddress.Parse(address));
            }

            Flood flood = new(InterfaceFile.EndpointOf(endpoint), Convert.FromBase64String(publicKey));
            (long sent, long replies) = flood.Run(sources, int.Parse(seconds, CultureInfo.InvariantCulture));
            Console.WriteLine($"{{\"floodSent\":{sent},\"floodCookieReplies\":{replies}}}");
            return ExitCodes.Done;
        }

        default:
            Console.Error.WriteLine("usage: run FILE [portable] | flood ENDPOINT PUBLIC-KEY SECONDS ADDRESS...");
            return ExitCodes.Usage;
    }
}
catch (FaultException e)
{
    Console.Error.WriteLine(e.Message);
    return e.Report.Fault.ExitCode;
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.Usage;
}
