// What callers say, in the language of the city and in English, which some of its people speak. One caller speaks one language: everything stands in both. All of it is invented.
export type CallKind =
  | "theft" | "robbery" | "intruder" | "fight" | "smoke" | "fire" | "collision" | "injury" | "obstruction" | "medical" | "noise" | "missing"
  | "silent" | "hang-up" | "wrong-number" | "question" | "prank";
export type SpokenLanguage = "es" | "en";

/** `{place}` is where it is, as people name it. */
export const FIRST_WORDS: Readonly<Record<Exclude<CallKind, "silent" | "hang-up">, Readonly<Record<SpokenLanguage, readonly string[]>>>> = {
  theft: {
    es: ["Me robaron el celular recién, en {place}. Eran dos en una moto, uno con casco rojo.", "Me abrieron el auto en {place}, se llevaron la mochila.", "Me están robando la bicicleta ahora mismo, en {place}."],
    en: ["Someone just snatched my bag at {place}, he ran towards the corner.", "My bicycle is being stolen right now, {place}, a man with a bolt cutter."],
  },
  robbery: { es: ["Están asaltando el almacén de {place}, vi un arma.", "Dos hombres me sacaron la billetera en {place}, estoy escondido."], en: ["Two men took my wallet at {place}, I'm hiding in a doorway."] },
  intruder: { es: ["Hay alguien adentro de mi casa, {place}.", "Escucho pasos abajo y vivo sola, {place}."], en: ["Somebody is trying my back door, {place}.", "There is somebody in my house, {place}."] },
  fight: { es: ["Hay una pelea en {place}, como seis personas.", "Se están pegando en {place}, uno tiene un palo."], en: ["There's a fight outside {place}, it's getting worse."] },
  smoke: { es: ["Sale humo de un contenedor en {place}.", "Hay olor a quemado y humo en el edificio de {place}."], en: ["I can see smoke from a roof near {place}."] },
  fire: { es: ["Se prende fuego una casa en {place}, hay gente adentro.", "Salen llamas del segundo piso, {place}, vengan rápido."], en: ["Flames from the second floor, {place}, please hurry."] },
  collision: { es: ["Chocaron dos autos en {place}, están discutiendo.", "Un ómnibus chocó a un auto en {place}."], en: ["Two cars crashed at {place}, nobody hurt I think."] },
  injury: { es: ["Atropellaron a una señora en {place}, está en el piso.", "Se cayó un motociclista en {place}, sangra de la cabeza."], en: ["A cyclist was hit at {place}, he isn't moving."] },
  obstruction: { es: ["Hay un árbol caído en {place}, no se puede pasar.", "Se quedó un camión atravesado en {place}."], en: ["A truck has broken down across both lanes at {place}."] },
  medical: { es: ["Mi padre no respira bien, {place}, apartamento 3.", "Una señora se desmayó en {place}."], en: ["A man collapsed at {place}, chest pain."] },
  noise: { es: ["Los vecinos de {place} tienen la música a todo lo que da, son horas de dormir."], en: ["Loud party at {place}, third night in a row."] },
  missing: { es: ["No encuentro a mi hijo, tiene siete años, estábamos en {place}.", "Mi abuela salió hace una hora de {place} y se desorienta."], en: ["My grandmother left home an hour ago near {place}, she gets confused."] },
  "wrong-number": { es: ["¿Hola? ¿Con la farmacia?", "Perdón, me equivoqué de número."], en: ["Is this the taxi company?"] },
  question: { es: ["¿Hasta qué hora abre la oficina de documentos?", "Quería saber si cortaron la luz en {place}."], en: ["What's the number for the water company?"] },
  prank: { es: ["Jajaja... ¿hay pizza?", "(risas de niños)"], en: ["Ha ha... one pizza, please."] },
};

type Fact = readonly [question: string, answer: string, words: Readonly<Record<SpokenLanguage, string>>];
const fact = (question: string, answer: string, es: string, en: string): Fact => [question, answer, { es, en }];

/** What else a caller may say, and which question of which card that answers (contract: listTriageCards). */
export const SAID: Readonly<Partial<Record<CallKind, { readonly card: string; readonly facts: readonly Fact[] }>>> = {
  theft: { card: "theft", facts: [
    fact("now", "there", "Todavía está ahí, lo estoy viendo.", "He is still there, I can see him."), fact("now", "just", "Salió corriendo hace un minuto.", "He ran off a minute ago."), fact("now", "gone", "Fue hace como dos horas.", "It was about two hours ago."),
    fact("force", "force", "Me empujó y me tiró al piso.", "He pushed me to the ground."), fact("force", "none", "No, no me tocaron.", "No, nobody touched me."), fact("hurt", "yes", "Me lastimaron la mano.", "My hand is hurt."), fact("hurt", "no", "No hay nadie lastimado.", "Nobody is hurt."),
  ] },
  robbery: { card: "violence", facts: [
    fact("weapon", "gun", "Tiene un revólver.", "He has a gun."), fact("weapon", "blade", "Tiene un cuchillo.", "He has a knife."), fact("now", "now", "Está pasando ahora.", "It is happening now."), fact("now", "over", "Ya se fueron.", "They are gone."),
    fact("hurt", "badly", "Hay uno sangrando mucho.", "One is bleeding badly."), fact("hurt", "nobody", "Nadie lastimado.", "Nobody is hurt."), fact("many", "two", "Son dos.", "There are two of them."),
  ] },
  intruder: { card: "intruder", facts: [
    fact("where", "inside", "Está adentro, y están mis hijos.", "He is inside, and my children are here."), fact("where", "outside", "Quiere entrar.", "He wants to get in."), fact("where", "gone", "Creo que se escapó.", "I think he ran away."),
    fact("safe", "hiding", "Me encerré en el baño.", "I locked myself in the bathroom."), fact("safe", "yes", "Estoy en lo del vecino.", "I am at the neighbour's."), fact("weapon", "no", "No le vi ningún arma.", "I saw no weapon."), fact("hurt", "no", "Nadie lastimado.", "Nobody is hurt."),
  ] },
  fight: { card: "violence", facts: [
    fact("now", "now", "Se están pegando ahora.", "They are hitting each other now."), fact("now", "over", "Ya se fueron.", "They are gone."), fact("weapon", "other", "Uno tiene un palo.", "One has a stick."), fact("weapon", "none", "No hay armas.", "No weapons."),
    fact("many", "crowd", "Deben ser como diez.", "There must be ten of them."), fact("hurt", "lightly", "A uno le sangra la nariz.", "One has a bloody nose."), fact("weak", "yes", "Hay un niño en el medio.", "There is a child in the middle of it."),
  ] },
  smoke: { card: "fire", facts: [
    fact("seen", "thin-smoke", "Es poco humo.", "It is not much smoke."), fact("seen", "thick-smoke", "Es humo negro, espeso.", "Thick black smoke."), fact("people", "out", "Ya salieron todos.", "Everybody is out."), fact("people", "maybe", "Puede que haya alguien adentro.", "There may be somebody in there."),
    fact("burns", "rubbish", "Es un contenedor.", "It is a rubbish container."), fact("spread", "alone", "No tiene nada cerca.", "There is nothing near it."), fact("hurt", "nobody", "No hay nadie lastimado.", "Nobody is hurt."),
  ] },
  fire: { card: "fire", facts: [
    fact("people", "trapped", "Hay una señora en la ventana, no puede bajar.", "There is a woman at the window, she cannot get down."), fact("people", "out", "Ya salieron todos.", "Everybody is out."), fact("seen", "flames", "Se ven las llamas.", "I can see the flames."),
    fact("spread", "spreading", "Ya pasa a la casa de al lado.", "It is reaching the house next door."), fact("burns", "dangerous", "Hay garrafas de gas.", "There are gas bottles."), fact("burns", "home", "Es una casa.", "It is a house."), fact("hurt", "badly", "Hay uno quemado.", "Somebody is burnt."),
  ] },
  collision: { card: "traffic", facts: [
    fact("hurt", "nobody", "No hay heridos.", "Nobody is hurt."), fact("hurt", "lightly", "Le duele el cuello.", "His neck hurts."), fact("road", "blocked", "Están tapados los dos carriles.", "Both lanes are blocked."), fact("road", "free", "Ya los corrieron.", "They have moved them already."),
    fact("danger", "fuel", "Pierde nafta.", "It is leaking petrol."), fact("danger", "none", "No hay fuego ni nada.", "No fire, nothing."), fact("trapped", "no", "Salieron todos del auto.", "They all got out of the car."), fact("who", "bus", "El ómnibus va lleno.", "The bus is full."),
  ] },
  injury: { card: "traffic", facts: [
    fact("hurt", "not-moving", "No se mueve.", "Not moving at all."), fact("hurt", "badly", "Sangra mucho.", "There is a lot of blood."), fact("trapped", "yes", "No puede salir del auto.", "One cannot get out of the car."), fact("who", "on-foot", "Iba cruzando a pie.", "She was crossing on foot."),
    fact("road", "fast", "Pasan los autos a mil.", "Cars are going past very fast."), fact("danger", "none", "No hay fuego.", "There is no fire."),
  ] },
  obstruction: { card: "road", facts: [fact("live", "cables", "Arrastró unos cables.", "It pulled some cables down."), fact("live", "none", "No hay cables.", "No cables."), fact("danger", "fast", "Casi lo choca un auto.", "A car nearly hit it."), fact("danger", "none", "Se ve bien de lejos.", "One sees it well from afar.")] },
  medical: { card: "medical", facts: [
    fact("awake", "no", "No se despierta.", "Does not wake up."), fact("awake", "yes", "Está despierta.", "She is awake."), fact("breathing", "hard", "Respira con dificultad.", "Breathing is hard."), fact("breathing", "normal", "Respira bien.", "Breathing is all right."),
    fact("bleeding", "none", "No sangra.", "No blood."), fact("pain", "yes", "Le empezó un dolor en el pecho hace media hora.", "The chest pain began half an hour ago."), fact("who", "old", "Tiene ochenta y tres.", "Eighty-three years old."),
  ] },
  missing: { card: "missing", facts: [
    fact("since", "minutes", "Hace veinte minutos.", "Twenty minutes ago."), fact("since", "hours", "Desde esta mañana.", "Since this morning."), fact("taken", "no", "No, se soltó de la mano.", "No, the hand slipped out of mine."),
    fact("danger", "near", "La rambla está a una cuadra.", "The waterfront is a block away."), fact("danger", "medicine", "Toma remedios para el corazón.", "There is heart medicine to be taken."),
  ] },
};
