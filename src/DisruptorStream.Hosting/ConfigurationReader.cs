using System.Reflection;
using DisruptorStream.Hosting.Validation;
using DisruptorStream.Messages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>Reads options from configuration; what cannot be read is an error that says what may stand there.</summary>
internal static class ConfigurationReader
{
    /// <summary>Reads a section of a configuration.</summary>
    /// <param name="name">The processor's name.</param>
    /// <param name="configuration">All of it.</param>
    /// <param name="path">Where the section is.</param>
    /// <param name="isOptional">Whether it may be missing.</param>
    /// <param name="options">Takes what the section sets.</param>
    /// <exception cref="OptionsValidationException">
    /// The section is missing, a key is no option, or a value is none.
    /// </exception>
    public static void Read(
        string name, IConfiguration configuration, string path, bool isOptional, HostedProcessorOptions options)
    {
        var section = configuration.GetSection(path);
        if (!string.IsNullOrEmpty(section.Value) && !HasChildren(section))
        {
            throw Invalid(
                name, $"'{path}' is a value, '{section.Value}', and not a section; name the section around it.");
        }

        if (IsThere(configuration, section))
        {
            Read(name, section, path, options);
        }
        else if (!isOptional)
        {
            throw Invalid(
                name, $"there is no section '{path}'; write one, name another, or call BindConfiguration with "
                    + "optional: true.");
        }
    }

    /// <exception cref="OptionsValidationException">A key is no option, or a value is none.</exception>
    public static void Read(string name, IConfiguration section, HostedProcessorOptions options) =>
        Read(name, section, (section as IConfigurationSection)?.Path ?? "", options);

    private static void Read(string name, IConfiguration section, string path, HostedProcessorOptions options)
    {
        var emptied = new List<PropertyInfo>();
        foreach (var child in section.GetChildren())
        {
            var option = Find(child.Key) ?? throw Unknown(name, child.Key, path);
            var isNullable = Nullable.GetUnderlyingType(option.PropertyType) is not null;
            if (isNullable && string.IsNullOrEmpty(child.Value) && !HasChildren(child))
                emptied.Add(option);
            else
                ThrowUnlessReadable(name, child, option);
        }

        // The binder finds nothing to object to any more, and leaves out what is empty.
        section.Bind(options);
        foreach (var option in emptied)
            option.SetValue(options, null);
    }

    /// <summary>A section without keys is there too.</summary>
    private static bool IsThere(IConfiguration configuration, IConfigurationSection section)
    {
        if (section.Exists())
            return true;
        var parent = ConfigurationPath.GetParentPath(section.Path);
        var siblings = parent is null ? configuration.GetChildren() : configuration.GetSection(parent).GetChildren();
        foreach (var sibling in siblings)
        {
            if (IsSame(sibling.Key, section.Key))
                return true;
        }

        return false;
    }

    private static bool IsSame(string key, string other) => key.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool HasChildren(IConfigurationSection section)
    {
        foreach (var _ in section.GetChildren())
            return true;
        return false;
    }

    private static PropertyInfo? Find(string key) => Array.Find(
        typeof(HostedProcessorOptions).GetProperties(),
        option => IsSame(option.Name, key));

    /// <summary>
    /// The binder would not say what may stand there, would take several names for one, and leave an empty one out.
    /// </summary>
    private static void ThrowUnlessReadable(string name, IConfigurationSection value, PropertyInfo option)
    {
        var attribute = option.GetCustomAttribute<OptionValueAttribute>();
        var isReadable = value.Value is { Length: > 0 } text
            && (attribute?.CanRead(text) ?? bool.TryParse(text, out _));
        if (isReadable)
            return;
        var given = HasChildren(value) ? "a section" : value.Value is { } one ? $"'{one}'" : "null";
        throw Invalid(
            name, $"{name}.{option.Name} must be {attribute?.AllowedText ?? "true or false"}; it was {given}.");
    }

    private static OptionsValidationException Unknown(string name, string key, string path)
    {
        var options = Array.ConvertAll(typeof(HostedProcessorOptions).GetProperties(), option => option.Name);
        var advice = NearestWord.Find(key, options) is { } near
            ? $"did you mean '{near}'?"
            : $"the options are {string.Join(", ", options)}.";
        var place = path.Length > 0 ? $"section '{path}'" : "at the root";
        return Invalid(name, $"there is no option '{key}' ({place}); {advice}");
    }

    private static OptionsValidationException Invalid(string name, string message) =>
        new(name, typeof(HostedProcessorOptions), [$"The configuration of processor '{name}' is wrong: {message}"]);
}
