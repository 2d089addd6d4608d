// Every sentence that the page itself says. What the agent says comes from the server.

export const STATES = {
  __proto__: null,
  idle: { label: "눌러서 말씀하세요", hint: "누르면 마이크가 켜져요", icon: "i-microphone" },
  connecting: { label: "준비하고 있어요", hint: "잠시만 기다려 주세요", icon: "i-wait" },
  queued: { label: "순서를 기다려요", hint: "차례가 되면 이어 드려요", icon: "i-wait" },
  listening: { label: "듣고 있어요", hint: "다 말씀하시면 눌러 주세요", icon: "i-ear" },
  hearing: { label: "듣고 있어요", hint: "말씀이 들려요", icon: "i-ear" },
  thinking: { label: "생각하고 있어요", hint: "잠시만 기다려 주세요", icon: "i-wait" },
  speaking: { label: "말하고 있어요", hint: "누르면 멈춰요", icon: "i-speak" },
  muted: { label: "눌러서 말씀하세요", hint: "마이크가 꺼져 있어요", icon: "i-microphone" },
  reconnecting: { label: "다시 잇고 있어요", hint: "연결이 끊겼어요", icon: "i-wait" },
  resumable: { label: "눌러서 이어 말씀하세요", hint: "하시던 대화가 남아 있어요", icon: "i-microphone" },
  ended: { label: "새로 시작하기", hint: "눌러서 다시 말씀하세요", icon: "i-microphone" },
};

export const MICROPHONE_PROBLEMS = {
  __proto__: null,
  denied:
    "마이크를 쓸 수 없어요. 브라우저에서 마이크를 허용하고 다시 눌러 주세요. 아래에 글로 쓰셔도 돼요.",
  absent: "마이크를 찾을 수 없어요. 아래에 글로 써 주세요.",
  busy: "다른 프로그램이 마이크를 쓰고 있어요. 그 프로그램을 닫고 다시 눌러 주세요. 글로 쓰셔도 돼요.",
  insecure: "이 주소에서는 마이크를 쓸 수 없어요. 아래에 글로 써 주세요.",
};

export const NOTICES = {
  lost: "소리 연결이 끊겼어요. 하시던 일은 그대로 있어요. 아래에 글로 써 주시거나 단추를 다시 눌러 주세요.",
  full: "지금 이용하시는 분이 많아요. 잠시 후 다시 눌러 주시거나, 아래에 글로 써 주세요.",
  reconnecting: "연결이 끊겼어요. 다시 잇고 있어요. 하시던 일은 그대로 있어요.",
  interrupted: "소리가 멈췄어요. 화면을 한 번 눌러 주세요.",
  offline: "인터넷 연결을 확인해 주세요. 하시던 일은 그대로 있어요.",
  silent: "소리가 나지 않아요. 대답을 글로 보여 드릴게요.",
  asleep: "한참 말씀이 없어서 마이크를 껐어요. 단추를 누르면 이어서 말씀하실 수 있어요.",
  gone: "지난 대화는 끝나서 새로 시작했어요.",
  nothingToRepeat: "글로 나눈 대화라 들려 드릴 소리가 없어요. 큰 단추를 누르면 말로 대답해 드려요.",
};

export const PLACE = {
  searching: "위치를 찾고 있어요.",
  found: "위치를 알았어요. 이 근처로 안내해 드릴게요.",
  denied: "위치를 알 수 없어요. 아래에서 사시는 구를 골라 주세요.",
  district: (name) => `${name} 기준으로 안내해 드릴게요.`,
  nextTime: "'처음으로'를 누르면 이 동네로 새로 안내해 드려요.",
};

export const LABELS = {
  yes: "네",
  no: "아니요",
  larger: "글자 크게",
  normalType: "글자 보통",
  louder: "크게",
  normalSound: "보통 소리",
  me: "나",
  agent: "안내",
  source: "출처",
  asOf: (time) => `${time} 기준`,
  call: (number) => `전화 ${number}`,
  open: (name) => `${name} 열기`,
  newWindow: "새 창",
  typeSize: (zoom) => `글자 크기 ${zoom}배`,
  sound: (step) =>
    step === 0 ? "보통 소리" : step > 0 ? `소리 ${step}단계 크게` : `소리 ${-step}단계 작게`,
  back: "다시 이어졌어요",
  secondsLeft: (seconds) => `${seconds}초 뒤에 처음 화면으로 돌아가요.`,
};

export const HANDOVER = {
  __proto__: null,
  queued: (position) =>
    position ? `상담사를 기다리고 있어요. 순서는 ${position}번째예요.` : "상담사를 기다리고 있어요.",
  joined: () => "상담사와 이어졌어요.",
  callback: () => "상담사가 전화를 드려요.",
  closed: () => "상담이 끝났어요.",
};

// What the tool buttons say for the citizen: the same words work aloud.
export const COMMANDS = {
  slower: "천천히 말해 줘",
  counsellor: "상담사",
  back: "뒤로 가 주세요",
  forget: "기억한 거 지워 주세요",
};

// What a link to this page may begin with: `/?begin=practice`.
export const BEGINNINGS = {
  __proto__: null,
  practice: "연습할래요",
  courses: "강의 들려줘",
  helper: "안내사예요",
};

// The chat that other pages show.
export const CHAT = {
  counsellor: "상담사",
  thinking: "답을 찾고 있어요.",
  passedOn: "상담사에게 전했어요.",
  busy: "앞의 말씀에 답하고 있어요. 잠시만 기다려 주세요.",
  offline: "인터넷 연결을 확인하고 다시 보내 주세요. 쓰신 말씀은 그대로 있어요.",
  ended: "대화가 끝났어요. 새로 쓰시면 다시 시작해요.",
};
