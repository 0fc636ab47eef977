using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Agent.Configuration;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Agent;

/// <summary>meshiotd: the gateway agent. Composition only.</summary>
internal static partial class Program
{
    public static string Version => typeof(Program).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Drivers beyond the gateway's own, in a build that has them (OwnDrivers.cs).</summary>
    static partial void AddOwnDrivers();

    static async Task<int> Main(string[] args)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        if (Profile.HasGateway)
        {
            AddOwnDrivers();
        }

        try
        {
            CommandLine command = CommandLine.Parse(args);
            switch (command.Verb)
            {
                case "help":
                    Help.Write(Console.Out);
                    return ExitCodes.Done;
                case "version":
                    Console.Out.WriteLine(Profile.HasGateway ? Version : $"{Version} {Profile.Name}");
                    return ExitCodes.Done;
                case "version --verbose":
                    Console.Out.WriteLine(Version);
                    Console.Out.WriteLine($"profile: {Profile.Name}");
                    Console.Out.WriteLine($"ChaCha20-Poly1305: {AeadName()}");
                    return ExitCodes.Done;
                case "mqtt-password" when !Profile.HasGateway:
                    throw Faults.NotInThisBuild.With("mqtt-password", "command line").ToException();
                case "mqtt-password":
                    MqttPassword.Write(command.ConfigPath ?? "", Console.In, Console.Out);
                    return ExitCodes.Done;
            }

            ConfigTable file = ConfigFile.Read(command.ConfigPath);
            Settings settings = Settings.From(command.Flags, Environment.GetEnvironmentVariable, SettingsFile.Of(file));
            settings.Check();
            AeadName();
            GatewaySections? sections = null;
            if (Profile.HasGateway)
            {
                sections = GatewaySections.From(file);
            }
            else
            {
                MeshOnly.Check(file, settings);
            }

            if (command.Verb == "configtest")
            {
                ConfigTest.Write(settings, Console.Out);
                return ExitCodes.Done;
            }

            await (Profile.HasGateway ? Gateway.RunAsync(command.ConfigPath, settings, sections!, stop.Token) : MeshNode.RunAsync(settings, stop.Token));
            return ExitCodes.Done;
        }
        catch (FaultException e)
        {
            Log.Error(e.Report.ToString());
            return e.Report.Fault.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }

        static string AeadName()
        {
            try
            {
                return AeadChoice.Name;
            }
            catch (InvalidOperationException e)
            {
                throw Faults.SettingMalformed.With(AeadChoice.Variable, Environment.GetEnvironmentVariable(AeadChoice.Variable), "environment", "512, 256, 128 or sodium as this CPU has it").ToException(e);
            }
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
