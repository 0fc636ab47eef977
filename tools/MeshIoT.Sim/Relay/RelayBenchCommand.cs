using System;
using System.CommandLine;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshIoT.Health;

namespace MeshIoT.Sim;

/// <summary>meshiot-sim relay: what a relay costs, ours and derper.</summary>
internal static class RelayBenchCommand
{
    static readonly RelayBenchOptions Defaults = new() { Coordinator = "" };

    static readonly Option<string> Coordinator = new("--coordinator") { Description = "The program to measure, or a .dll for dotnet.", HelpName = "PATH", Required = true };
    static readonly Option<string?> Derper = new("--derper") { Description = "derper, to be measured beside it.", HelpName = "PATH" };
    static readonly Option<int> Clients = Number("--clients", "Idle clients, 2-20000.", Defaults.Clients);
    static readonly Option<int> AtOnce = Number("--connect-at-once", "How many connect at once, 1-200.", Defaults.AtOnce);
    static readonly Option<int> Quiet = Number("--quiet", "Seconds of rest before memory is taken, 1-600.", (int)Defaults.Quiet.TotalSeconds);
    static readonly Option<int> Flow = Number("--flow", "Seconds that packets flow, 1-600.", (int)Defaults.Flow.TotalSeconds);
    static readonly Option<int> Packet = Number("--packet", "Bytes of a packet, 16-16000.", Defaults.PacketSize);
    static readonly Option<int> Window = Number("--window", "Packets of the flow under way at the most, 1-1000000.", Defaults.Window);
    static readonly Option<string?> Json = new("--json") { Description = "Also write the figures to this file.", HelpName = "FILE" };

    public static Command Build()
    {
        Command command = new("relay",
            """
            Starts a relay on loopback and measures its process from outside: memory per idle client, connections a second, throughput and
            processor time of one flow between two clients, and the round trip while nothing else goes on.

            Example:
              meshiot-sim relay --coordinator artifacts/native/meshiot-coordinator --derper derper --json figures.json
            """) { Coordinator, Derper, Clients, AtOnce, Quiet, Flow, Packet, Window, Json };
        command.SetAction(Run);
        return command;
    }

    static int Run(ParseResult parsed)
    {
        string directory = Directory.CreateTempSubdirectory("meshiot-sim-relay-").FullName;
        try
        {
            RelayBenchOptions options = Read(parsed);
            OpenFiles.Require(options.Clients);
            RelayFigures ours = new RelayScenario(() => RelayProcess.StartOurs(options.Coordinator, directory, options.Clients), options, Console.Error).Run();
            RelayFigures? theirs = null;
            if (options.Derper is { } derper)
            {
                WriteCertificate(directory);
                theirs = new RelayScenario(() => RelayProcess.StartDerper(derper, directory, directory), options, Console.Error).Run();
            }

            RelayReport.Print(ours, theirs, Console.Out);
            if (options.JsonFile is { } path)
            {
                RelayReport.WriteJson(options.Clients, ours, theirs, path);
            }

            Directory.Delete(directory, recursive: true);
            return ExitCodes.Done;
        }
        catch (FaultException e)
        {
            Console.Error.WriteLine("meshiot-sim: " + e.Report);
            return e.Report.Fault.ExitCode;
        }
        catch (IOException e)
        {
            FaultReport report = Faults.CoordinatorDidNotRun.With("relay", e.Message, Path.Combine(directory, "log"));
            Console.Error.WriteLine("meshiot-sim: " + report);
            return report.Fault.ExitCode;
        }
    }

    // What ours makes for itself: ECDSA P-256.
    static void WriteCertificate(string directory)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(directory, "127.0.0.1.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "127.0.0.1.key"), key.ExportPkcs8PrivateKeyPem());
    }

    static RelayBenchOptions Read(ParseResult parsed)
    {
        return new RelayBenchOptions
        {
            Coordinator = Existing(parsed.GetRequiredValue(Coordinator)),
            Derper = parsed.GetValue(Derper) is { } derper ? Existing(derper) : null,
            Clients = Within(Clients, 2, 20_000),
            AtOnce = Within(AtOnce, 1, 200),
            Quiet = TimeSpan.FromSeconds(Within(Quiet, 1, 600)),
            Flow = TimeSpan.FromSeconds(Within(Flow, 1, 600)),
            PacketSize = Within(Packet, 16, 16_000),
            Window = Within(Window, 1, 1_000_000),
            JsonFile = parsed.GetValue(Json),
        };

        int Within(Option<int> option, int least, int most) => parsed.GetValue(option) is var value && value >= least && value <= most
            ? value
            : throw Faults.SimOptionInvalid.With(option.Name, $"it is not within {least}-{most}").ToException();

        static string Existing(string path) => File.Exists(path) ? path : throw Faults.SimOptionInvalid.With(path, "there is no such file").ToException();
    }

    static Option<int> Number(string name, string description, int standard) => new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
}
