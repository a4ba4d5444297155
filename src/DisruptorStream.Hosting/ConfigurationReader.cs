using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Windows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>Reads options from configuration; what cannot be read is an error that says what may stand there.</summary>
internal static class ConfigurationReader
{
    /// <exception cref="OptionsValidationException">A key is no option, or a value is none.</exception>
    public static void Read(string name, IConfiguration section, HostedProcessorOptions options)
    {
        ThrowUnlessName<StopMode>(name, section, nameof(options.StopMode));
        ThrowUnlessName<WindowOverflowPolicy>(name, section, nameof(options.WindowOverflow));
        ThrowUnlessName<NonFinitePolicy>(name, section, nameof(options.NonFinite));
        ThrowUnlessName<ExecutionMode>(name, section, nameof(options.Mode));
        ThrowUnlessName<WaitStrategyKind>(name, section, nameof(options.WaitStrategy));
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            throw Invalid(name, exception.Message);
        }
    }

    private static void ThrowUnlessName<T>(string name, IConfiguration section, string option)
        where T : struct, Enum
    {
        if (section[option] is { } text && !Enum.TryParse<T>(text, ignoreCase: true, out _))
        {
            throw Invalid(
                name, $"{name}.{option} must be one of {string.Join(", ", Enum.GetNames<T>())}; it was '{text}'.");
        }
    }

    private static OptionsValidationException Invalid(string name, string message) =>
        new(name, typeof(HostedProcessorOptions), [$"The configuration of processor '{name}' is wrong: {message}"]);
}
