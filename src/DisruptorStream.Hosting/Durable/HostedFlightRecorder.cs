using DisruptorStream.Hosting.Registration;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Topology.Durable.Recording;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Hosting.Durable;

/// <summary>Makes of the options of a host what the flight recorder of its processor keeps.</summary>
internal static class HostedFlightRecorder
{
    /// <summary>What the engine is to do; null where there is no recorder.</summary>
    /// <param name="options">Those of the host.</param>
    /// <param name="said">What the step RecordTo says; null where there is none.</param>
    /// <param name="name">The processor's name.</param>
    /// <param name="services">The host's.</param>
    public static RecorderSettings? Of(
        HostedProcessorOptions options, RecorderSettings? said, string name, IServiceProvider services)
    {
        var recorder = options.FlightRecorder;
        if (recorder.DumpDirectory is not { } dumps)
        {
            var logger = new GuardedLogger(HostServices.LoggerOf(services, name), new HostFailures());
            if (said is null && recorder.IsChanged)
                HostingLog.NotRecorded(logger, name);
            return null;
        }

        var root = services.GetService<IHostEnvironment>()?.ContentRootPath ?? "";
        var directory = recorder.Directory is { } path ? Path.Combine(root, path) : null;
        var settings = RecorderSettings.Of(Path.Combine(root, dumps), recorder.ToEngine(directory));
        return said is null
            ? settings
            : said with { DumpDirectory = settings.DumpDirectory, Options = settings.Options };
    }
}
