using DisruptorStream.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace DisruptorStream.Hosting.Registration;

/// <summary>Finds sinks of the container by their names.</summary>
internal static class NamedSink
{
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static TSink Of<TSink>(IServiceProvider services, string name)
        where TSink : class => services.GetKeyedService<TSink>(name) ?? throw new InvalidOperationException(
            $"The container has no sink '{name}' of type {TypeText.Of(typeof(TSink))}; register it: "
            + $"services.AddKeyedSingleton(\"{name}\", (services, name) => new …).");
}
