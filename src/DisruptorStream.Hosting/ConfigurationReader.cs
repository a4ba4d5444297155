using System.Reflection;
using DisruptorStream.Hosting.Validation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>Reads options from configuration; what cannot be read is an error that says what may stand there.</summary>
internal static class ConfigurationReader
{
    /// <exception cref="OptionsValidationException">A key is no option, or a value is none.</exception>
    public static void Read(string name, IConfiguration section, HostedProcessorOptions options)
    {
        foreach (var option in typeof(HostedProcessorOptions).GetProperties())
            ThrowUnlessReadable(name, section[option.Name], option);
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            throw Invalid(name, exception.Message);
        }
    }

    /// <summary>The binder would not say what may stand there, and would take several names for one.</summary>
    private static void ThrowUnlessReadable(string name, string? text, PropertyInfo option)
    {
        if (string.IsNullOrEmpty(text))
            return;
        if (option.GetCustomAttribute<OptionValueAttribute>() is { } value)
        {
            if (!value.CanRead(text))
                throw Invalid(name, $"{name}.{option.Name} must be {value.Allowed}; it was '{text}'.");
        }
        else if (!bool.TryParse(text, out _))
        {
            throw Invalid(name, $"{name}.{option.Name} must be true or false; it was '{text}'.");
        }
    }

    private static OptionsValidationException Invalid(string name, string message) =>
        new(name, typeof(HostedProcessorOptions), [$"The configuration of processor '{name}' is wrong: {message}"]);
}
