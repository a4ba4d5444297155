namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>What a command knows of a job without being told: it stands in for options that nobody gives.</summary>
internal sealed class KnownOptions
{
    /// <summary>Nothing.</summary>
    public static KnownOptions None { get; } = new();

    /// <summary>The value of each option that is known, by the name of the option.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Why an option must be given all the same, by its name: the end of a sentence.</summary>
    public Dictionary<string, string> Reasons { get; } = new(StringComparer.Ordinal);

    /// <summary>Says that an option must be given.</summary>
    public string Require(string option) => Reasons.TryGetValue(option, out var reason)
        ? $"Option '{option}' is required: {reason}."
        : $"Option '{option}' is required.";
}
