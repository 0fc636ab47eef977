using System;
using MeshIoT.Health;
using MeshIoT.Interop.Engine;
using MeshIoT.Interop.WireGuard;
using MeshIoT.Linux;

// run FILE [OFFLOADS]   a WireGuard interface on the node's packet engine. Commands on standard input (stats, handshake, quit), JSON answers on
//                       standard output.
Offloads offloads = Offloads.All;
if (args is not ["run", string path, ..] || args.Length > 3 || (args.Length == 3 && !Enum.TryParse(args[2], out offloads)))
{
    Console.Error.WriteLine("usage: run FILE [OFFLOADS]");
    return ExitCodes.Usage;
}

try
{
    using EngineInterface engine = new(InterfaceFile.Read(path), offloads);
    Console.WriteLine("{\"ready\":true}");
    while (Console.ReadLine() is { } command and not "quit")
    {
        if (command == "handshake")
        {
            engine.Handshake();
        }

        Console.WriteLine(command == "stats" ? engine.Stats() : "{}");
    }

    if (engine.Failure is { } failure)
    {
        Console.Error.WriteLine(failure);
        return ExitCodes.Failed;
    }

    return ExitCodes.Done;
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
