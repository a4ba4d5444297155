using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using DisruptorStream.Hosting.Durable;
using DisruptorStream.Hosting.Sources;
using DisruptorStream.Hosting.Validation;
using DisruptorStream.Messages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>Reads options from configuration; what cannot be read is an error that says what may stand there.</summary>
internal static class ConfigurationReader
{
    private const string QueriesKey = "Queries";
    private const string DurabilityKey = nameof(HostedProcessorOptions.Durability);
    private const string RecorderKey = nameof(HostedProcessorOptions.FlightRecorder);
    private const string SourcesKey = nameof(HostedProcessorOptions.Sources);

    /// <summary>Reads a section of a configuration.</summary>
    /// <param name="name">The processor's name.</param>
    /// <param name="configuration">All of it.</param>
    /// <param name="path">Where the section is.</param>
    /// <param name="isOptional">Whether it may be missing.</param>
    /// <param name="options">Takes what the section sets.</param>
    /// <param name="queries">The names of a stream's queries; null for a processor.</param>
    /// <exception cref="OptionsValidationException">
    /// The section is missing, a key is no option, or a value is none.
    /// </exception>
    public static void Read(
        string name,
        IConfiguration configuration,
        string path,
        bool isOptional,
        HostedProcessorOptions options,
        IReadOnlyList<string>? queries = null)
    {
        var section = configuration.GetSection(path);
        if (!string.IsNullOrEmpty(section.Value) && !HasChildren(section))
        {
            throw Invalid(
                name, $"'{path}' is a value, '{section.Value}', and not a section; name the section around it.");
        }

        if (IsThere(configuration, section))
        {
            Read(name, section, path, options, queries);
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
        Read(name, section, PathOf(section), options, queries: null);

    /// <summary>Reads the windows of a processor from its section, which has other options too.</summary>
    /// <exception cref="OptionsValidationException">A value is none.</exception>
    public static void ReadWindows(string name, IConfiguration section, HostedQueryOptions options) =>
        ReadWindows(name, section, options, isAlone: false);

    /// <summary>Reads the windows of a query from the section of its stream.</summary>
    /// <param name="name">As "stream/query".</param>
    /// <param name="section">The stream's.</param>
    /// <param name="query">The query's name.</param>
    /// <param name="options">Takes what the section sets.</param>
    /// <exception cref="OptionsValidationException">A key is no option, or a value is none.</exception>
    public static void ReadQuery(string name, IConfiguration section, string query, HostedQueryOptions options)
    {
        foreach (var child in section.GetSection(QueriesKey).GetChildren())
        {
            if (IsSame(child.Key, query))
                ReadWindows(name, child, options, isAlone: true);
        }
    }

    private static void Read(
        string name,
        IConfiguration section,
        string path,
        HostedProcessorOptions options,
        IReadOnlyList<string>? queries)
    {
        var (emptied, emptiedOfDurability, emptiedOfRecorder) =
            (new List<PropertyInfo>(), new List<PropertyInfo>(), new List<PropertyInfo>());
        foreach (var child in section.GetChildren())
        {
            if (IsSame(child.Key, DurabilityKey))
                ThrowUnlessDurability(name, child, emptiedOfDurability);
            else if (IsSame(child.Key, RecorderKey))
                ThrowUnlessRecorder(name, child, emptiedOfRecorder);
            else if (IsSame(child.Key, SourcesKey))
                ReadSources(name, child, options.Sources);
            else if (Find(typeof(HostedProcessorOptions), child.Key) is { } option)
                ThrowUnlessReadable(name, child, option, emptied);
            else if (queries is not null && IsSame(child.Key, QueriesKey))
                ThrowUnlessNamed(name, child, queries);
            else
                ThrowUnlessWindows(name, child.Key, path, queries is null);
        }

        // The binder finds nothing to object to any more, and leaves out what is empty.
        section.Bind(options);
        Empty(emptied, options);
        Empty(emptiedOfDurability, options.Durability);
        Empty(emptiedOfRecorder, options.FlightRecorder);
    }

    private static void Empty(List<PropertyInfo> emptied, object options)
    {
        foreach (var option in emptied)
            option.SetValue(options, null);
    }

    private static void ThrowUnlessDurability(string name, IConfigurationSection section, List<PropertyInfo> emptied)
    {
        ThrowIfValue(
            name, section, $"write the directory as {DurabilityKey}:{nameof(HostedDurabilityOptions.Directory)}");
        ThrowUnlessOptions(name, section, typeof(HostedDurabilityOptions), DurabilityKey, emptied);
    }

    private static void ThrowUnlessRecorder(string name, IConfigurationSection section, List<PropertyInfo> emptied)
    {
        ThrowIfValue(
            name,
            section,
            $"write the directory of the dumps as {RecorderKey}:{nameof(HostedFlightRecorderOptions.DumpDirectory)}");
        ThrowUnlessOptions(name, section, typeof(HostedFlightRecorderOptions), RecorderKey, emptied);
    }

    private static void ReadSources(string name, IConfigurationSection section, HostedSources sources)
    {
        ThrowIfValue(name, section, $"write a section for each source, as {SourcesKey}:NAME:BatchEvents");
        foreach (var child in section.GetChildren())
        {
            ThrowIfValue(name, child, $"write its options, as {SourcesKey}:{child.Key}:BatchEvents");
            var isThere = false;
            foreach (var (source, options) in sources.ByName)
            {
                if (!IsSame(source, child.Key))
                    continue;
                isThere = true;
                ThrowUnlessOptions(name, child, typeof(HostedSourceOptions), $"{SourcesKey}.{source}", emptied: []);
                child.Bind(options);
            }

            if (!isThere)
                throw Invalid(name, $"{sources.WhyNone(child.Key)} (section '{section.Path}').");
        }
    }

    private static void ThrowIfValue(string name, IConfigurationSection section, string advice)
    {
        if (!string.IsNullOrEmpty(section.Value))
            throw Invalid(name, $"'{section.Path}' is a value, '{section.Value}', and not a section; {advice}.");
    }

    private static void ThrowUnlessOptions(
        string name,
        IConfigurationSection section,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type options,
        string key,
        List<PropertyInfo> emptied)
    {
        foreach (var child in section.GetChildren())
        {
            if (Find(options, child.Key) is not { } option)
                throw Unknown(name, child.Key, section.Path, NamesOf(options));
            ThrowUnlessReadable(name, child, option, emptied, $"{key}.");
        }
    }

    private static void ReadWindows(string name, IConfiguration section, HostedQueryOptions options, bool isAlone)
    {
        var emptied = new List<PropertyInfo>();
        foreach (var child in section.GetChildren())
        {
            if (Find(typeof(HostedQueryOptions), child.Key) is { } option)
                ThrowUnlessReadable(name, child, option, emptied);
            else if (isAlone)
                throw Unknown(name, child.Key, PathOf(section), NamesOf(typeof(HostedQueryOptions)));
        }

        section.Bind(options);
        Empty(emptied, options);
    }

    private static void ThrowUnlessNamed(string name, IConfigurationSection section, IReadOnlyList<string> queries)
    {
        foreach (var child in section.GetChildren())
        {
            var isThere = false;
            foreach (var query in queries)
                isThere |= IsSame(query, child.Key);
            if (!isThere)
            {
                throw Invalid(
                    name, $"there is no query '{child.Key}' (section '{section.Path}'); "
                        + NearestWord.NameOne(child.Key, queries));
            }
        }
    }

    /// <summary>The windows of a processor stand among its options; those of a stream are its queries'.</summary>
    private static void ThrowUnlessWindows(string name, string key, string path, bool isProcessor)
    {
        var isWindows = Find(typeof(HostedQueryOptions), key) is not null;
        if (isWindows && isProcessor)
            return;
        if (isWindows)
        {
            throw Invalid(
                name, $"'{key}' (section '{path}') is an option of a query, and '{name}' is a stream; write it as "
                    + $"{QueriesKey}:NAME:{key}, with the name of a query.");
        }

        var more = isProcessor ? NamesOf(typeof(HostedQueryOptions)) : new[] { QueriesKey };
        throw Unknown(name, key, path, [.. NamesOf(typeof(HostedProcessorOptions)), .. more]);
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

    private static string PathOf(IConfiguration section) => (section as IConfigurationSection)?.Path ?? "";

    private static string[] NamesOf(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type options) =>
        Array.ConvertAll(options.GetProperties(), option => option.Name);

    private static PropertyInfo? Find(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type options, string key) =>
        Array.Find(options.GetProperties(), option => IsSame(option.Name, key));

    /// <summary>
    /// The binder would not say what may stand there, would take several names for one, and leave an empty one out.
    /// </summary>
    private static void ThrowUnlessReadable(
        string name,
        IConfigurationSection value,
        PropertyInfo option,
        List<PropertyInfo> emptied,
        string prefix = "")
    {
        var isNullable = Nullable.GetUnderlyingType(option.PropertyType) is not null;
        if (isNullable && string.IsNullOrEmpty(value.Value) && !HasChildren(value))
        {
            emptied.Add(option);
            return;
        }

        var attribute = option.GetCustomAttribute<OptionValueAttribute>();
        var isReadable = value.Value is { Length: > 0 } text
            && (attribute?.CanRead(text) ?? bool.TryParse(text, out _));
        if (isReadable)
            return;
        var given = HasChildren(value) ? "a section" : value.Value is { } one ? $"'{one}'" : "null";
        throw Invalid(
            name, $"{name}.{prefix}{option.Name} must be {attribute?.AllowedText ?? "true or false"}; it was {given}.");
    }

    private static OptionsValidationException Unknown(string name, string key, string path, string[] options)
    {
        var advice = NearestWord.Find(key, options) is { } near
            ? $"did you mean '{near}'?"
            : $"the options are {string.Join(", ", options)}.";
        var place = path.Length > 0 ? $"section '{path}'" : "at the root";
        return Invalid(name, $"there is no option '{key}' ({place}); {advice}");
    }

    private static OptionsValidationException Invalid(string name, string message) =>
        new(name, typeof(HostedProcessorOptions), [$"The configuration of processor '{name}' is wrong: {message}"]);
}
