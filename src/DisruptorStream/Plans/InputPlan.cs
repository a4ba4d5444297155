using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Plans;

/// <summary>One type of event: what it carries, what is refused, and how its time advances.</summary>
internal sealed record InputPlan
{
    /// <summary>What publishing decides by; the measures are among it.</summary>
    public required PublishRules Rules { get; init; }

    /// <summary>The keys of an event, in the order of their columns; at least one.</summary>
    public required IReadOnlyList<KeyPlan> Keys { get; init; }

    /// <summary>The names of the filters, in the order of their bits.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Where the words of an event lie.</summary>
    public SlotLayout Layout => new(Rules.Measures.Count, Keys.Count, Filters.Count);

    /// <summary>
    /// What is subtracted from the largest timestamp to get a source's watermark; -1 when events move none.
    /// </summary>
    public required long MaxOutOfOrdernessTicks { get; init; }

    /// <summary>Time without a sign of life after which a source is idle; -1 for never.</summary>
    public required long IdleTimeoutTicks { get; init; }

    /// <summary>Time without any activity after which event time goes on with the clock; -1 for never.</summary>
    public required long QuietAfterTicks { get; init; }

    /// <summary>When a timestamp is held for a jump; null for never.</summary>
    public required JumpGuardOptions? JumpGuard { get; init; }

    /// <summary>The key that the guard looks at.</summary>
    public int GuardedKey { get; init; }

    /// <summary>Steps of the watermark that are kept, to say later what moved it; 0 for none.</summary>
    public required int WatermarkHistory { get; init; }

    /// <summary>Whether windows go by the clock.</summary>
    public bool ProcessingTime => Rules.ProcessingTime;

    /// <summary>The names of the parts of a key, in order; empty for a key without a name.</summary>
    public IReadOnlyList<string> KeyPartsOf(int column)
    {
        var key = Keys[column];
        var names = new List<string>();
        if (key.IsNamed && key.Parts.Count == 0)
            names.Add(key.Name);
        foreach (var part in key.Parts)
            names.Add(Keys[part].Name);
        return names;
    }

    /// <summary>Writes what slots and keys depend on.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.BeginList(Keys.Count);
        foreach (var key in Keys)
            key.Identify(writer);
        writer.Add(ProcessingTime);
        writer.BeginList(Rules.Measures.Count);
        foreach (var measure in Rules.Measures)
            measure.Identify(writer);

        // Events that are held have a word for the filters then.
        if (Filters.Count > 0)
            writer.Add(true);
    }
}
