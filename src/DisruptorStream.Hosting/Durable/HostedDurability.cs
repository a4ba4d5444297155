using DisruptorStream.Hosting.Registration;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Topology.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Hosting.Durable;

/// <summary>Makes of the options of a host where and how its processor is durable.</summary>
internal static class HostedDurability
{
    /// <summary>What the engine is to do; null where the processor is not durable.</summary>
    /// <param name="options">Those of the host.</param>
    /// <param name="said">What the step DurableIn says; null where there is none.</param>
    /// <param name="name">The processor's name.</param>
    /// <param name="services">The host's.</param>
    public static DurableSettings? Of(
        HostedProcessorOptions options, DurableSettings? said, string name, IServiceProvider services)
    {
        var logger = new GuardedLogger(HostServices.LoggerOf(services, name), new HostFailures());
        if (options.Durability.Directory is not { } directory)
        {
            if (said is null && options.Durability.IsChanged)
                HostingLog.NotDurable(logger, name);
            return null;
        }

        var progress = new RecoveryProgressLog(
            name,
            logger,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredKeyedService<RecoveryWatch>(name).Before(said?.Options.Progress));
        var root = services.GetService<IHostEnvironment>()?.ContentRootPath ?? "";
        var settings = DurableSettings.Of(Path.Combine(root, directory), options.Durability.ToEngine(progress));
        return said is null ? settings : said with { Directory = settings.Directory, Options = settings.Options };
    }
}
