namespace DisruptorStream.Testing.Scripts;

/// <summary>What a step of a script does.</summary>
internal enum ScriptStepKind
{
    Event,
    NewSource,
    Watermark,
    Idle,
    Active,
    CompleteSource,
    AdvanceTime,
}
