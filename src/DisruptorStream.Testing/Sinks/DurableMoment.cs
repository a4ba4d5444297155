namespace DisruptorStream.Testing.Sinks;

/// <summary>Where in the work of a <see cref="DurableCollectingSink{TKey}"/> a test may let it fail.</summary>
public enum DurableMoment
{
    /// <summary>It is being opened: nothing has changed yet.</summary>
    Opening = 0,

    /// <summary>A batch has come, and nothing of it is stored.</summary>
    BeforeWrite,

    /// <summary>The batch and the position are stored, and the sink has not returned: who calls cannot know.</summary>
    AfterWrite,
}
