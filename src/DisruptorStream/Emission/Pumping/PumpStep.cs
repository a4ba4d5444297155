namespace DisruptorStream.Emission.Pumping;

/// <summary>What a pump does next.</summary>
internal enum PumpStep
{
    Wait = 0,
    Write,
    Progress,
    Flush,
    End,
}
