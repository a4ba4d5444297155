using DisruptorStream.Building;
using DisruptorStream.Windows.Grids;
using DisruptorStream.Windows.Texts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Registration;

/// <summary>Gives a pipeline the windows that the host's options name.</summary>
internal static class HostedWindows
{
    /// <param name="step">The last step.</param>
    /// <param name="name">The processor's name, or "stream/query".</param>
    /// <param name="services">The host's.</param>
    /// <exception cref="OptionsValidationException">What the options say is wrong.</exception>
    /// <exception cref="InvalidOperationException">Its windows follow from those that it reads.</exception>
    public static TStep Apply<TStep, TKey>(OutputStepBase<TStep, TKey> step, string name, IServiceProvider services)
        where TStep : OutputStepBase<TStep, TKey>
        where TKey : notnull
    {
        var options = OptionsOf(name, services);
        var changed = (TStep)step;
        if (options.Window is { } text)
        {
            var before = step.Definition.Window;
            if (before is GridWindows { FollowNewest: true })
            {
                throw new InvalidOperationException(
                    $"{name}.Window is '{text}', and the windows of '{name}' follow from the query that it reads: they "
                    + $"are {before.Describe()}; leave the option out, or change the windows of that query.");
            }

            changed = changed.WithWindow(
                WindowSpec.Parse(text).InsteadOf(before, options.WindowOffset ?? TimeSpan.Zero));
        }

        return options.AllowedLateness is { } lateness ? changed.WithAllowedLateness(lateness) : changed;
    }

    /// <summary>What the host's options change of the windows, for errors; null where they change nothing.</summary>
    /// <param name="name">The processor's name, or "stream/query".</param>
    /// <param name="services">The host's.</param>
    public static string? ChangesOf(string name, IServiceProvider services)
    {
        var options = OptionsOf(name, services);
        return options.Window is { } text ? $"{name}.Window is '{text}'" : null;
    }

    /// <summary>The error of a pipeline that was built with windows of the options.</summary>
    public static InvalidOperationException Unfit(string changes, ArgumentException wrong) => new(
        $"{changes}, and what has these windows cannot be built: {wrong.Message} Without the option, the windows are "
        + "those of the steps.",
        wrong);

    private static HostedQueryOptions OptionsOf(string name, IServiceProvider services) =>
        services.GetRequiredService<IOptionsMonitor<HostedQueryOptions>>().Get(name);
}
