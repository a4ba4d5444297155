using DisruptorStream.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Hosting.Registration;

/// <summary>What the container gives to each processor and stream.</summary>
internal static class HostServices
{
    /// <exception cref="InvalidOperationException">The host's logger factory returned null.</exception>
    public static ILogger LoggerOf(IServiceProvider services, string name)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        return loggers.CreateLogger($"DisruptorStream.{name}") ?? throw new InvalidOperationException(
            $"The logger factory {TypeText.Of(loggers.GetType())} returned null for processor '{name}'; it must "
            + "return a logger.");
    }
}
