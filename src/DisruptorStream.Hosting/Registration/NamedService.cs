using DisruptorStream.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace DisruptorStream.Hosting.Registration;

/// <summary>Remembers under which names a service is there, for those who ask for it without one.</summary>
/// <param name="Name">The processor's name.</param>
internal sealed record NamedService<TService>(string Name)
    where TService : class
{
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public static TService Only(IServiceProvider provider)
    {
        var names = new List<string>();
        foreach (var service in provider.GetServices<NamedService<TService>>())
            names.Add(service.Name);
        if (names.Count == 1)
            return provider.GetRequiredKeyedService<TService>(names[0]);
        throw new InvalidOperationException(
            $"The processors {string.Join(", ", names)} have a service of type {TypeText.Of(typeof(TService))} each; "
            + $"ask for one by its name, such as [FromKeyedServices(\"{names[0]}\")].");
    }
}
