namespace MeshIoT.Linux.Gpio;

/// <summary>
/// The kernel's second interface to GPIO character devices (Linux 5.10 and later): request numbers, sizes and places of fields as in
/// linux/gpio.h. The structures were made to be the same on 32 and 64 bits.
/// </summary>
static class GpioAbi
{
    /// <summary>GPIO_MAX_NAME_SIZE: names and labels, the last byte is 0.</summary>
    internal const int NameSize = 32;

    /// <summary>struct gpiochip_info: name, label, u32 lines.</summary>
    internal const int ChipInfoSize = 68, ChipLabelAt = 32, ChipLinesAt = 64;

    /// <summary>struct gpio_v2_line_info: name, consumer, u32 offset, u32 number of attributes, u64 flags, attributes.</summary>
    internal const int LineInfoSize = 256, LineConsumerAt = 32, LineOffsetAt = 64, LineFlagsAt = 72;

    /// <summary>struct gpio_v2_line_config: u64 flags, u32 number of attributes, five words of padding, ten attributes of 24 bytes.</summary>
    internal const int ConfigSize = 272, ConfigAttributesAt = 8, ConfigFirstAttributeAt = 32;

    /// <summary>struct gpio_v2_line_config_attribute: u32 id, u32 padding, u64 value, u64 mask of lines.</summary>
    internal const int AttributeValueAt = 8, AttributeMaskAt = 16;

    /// <summary>struct gpio_v2_line_request: 64 offsets, consumer, config, u32 lines, u32 event buffer, padding, s32 descriptor.</summary>
    internal const int RequestSize = 592, RequestConsumerAt = 256, RequestConfigAt = 288, RequestLinesAt = 560, RequestEventsAt = 564, RequestDescriptorAt = 588;

    /// <summary>struct gpio_v2_line_values: u64 bits, u64 mask.</summary>
    internal const int ValuesSize = 16;

    /// <summary>struct gpio_v2_line_event: u64 time, u32 id, u32 offset, u32 number of the event, u32 number on its line, padding.</summary>
    internal const int EventSize = 48, EventIdAt = 8, EventOffsetAt = 12, EventLineNumberAt = 20;

    internal const ulong FlagUsed = 1 << 0, FlagActiveLow = 1 << 1, FlagInput = 1 << 2, FlagOutput = 1 << 3, FlagEdgeRising = 1 << 4, FlagEdgeFalling = 1 << 5,
        FlagBiasPullUp = 1 << 8, FlagBiasPullDown = 1 << 9, FlagBiasDisabled = 1 << 10;

    internal const uint AttributeFlags = 1, AttributeOutputValues = 2, AttributeDebounce = 3;

    internal const uint EventRising = 1, EventFalling = 2;

    internal static readonly nuint ChipInfo = Request(Read, 0x01, ChipInfoSize);
    internal static readonly nuint LineInfo = Request(Read | Write, 0x05, LineInfoSize);
    internal static readonly nuint GetLine = Request(Read | Write, 0x07, RequestSize);
    internal static readonly nuint SetConfig = Request(Read | Write, 0x0D, ConfigSize);
    internal static readonly nuint GetValues = Request(Read | Write, 0x0E, ValuesSize);
    internal static readonly nuint SetValues = Request(Read | Write, 0x0F, ValuesSize);

    const uint Write = 1, Read = 2, Type = 0xB4;

    // asm-generic/ioctl.h: direction in the top two bits, size in fourteen, type and number in eight each.
    static nuint Request(uint direction, uint number, uint size) => (direction << 30) | (size << 16) | (Type << 8) | number;
}
